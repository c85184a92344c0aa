// HubSpot's own bundler builds the page, as it does when the project is uploaded.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSingleExtension } from '@hubspot/ui-extensions-dev-server/build';

const PAGE = fileURLToPath(new URL('../../infra/hubspot/src/app/settings', import.meta.url));
// Four times what it is: beyond that, something came along that nobody meant to.
const LARGEST = 400_000;

const outputDir = mkdtempSync(path.join(tmpdir(), 'settings-page-'));
try {
  await buildSingleExtension({
    file: 'SettingsPage.tsx',
    root: PAGE,
    outputDir,
    minify: true,
    codeCheckingPluginEnabled: true,
  });
  const files = readdirSync(outputDir);
  const built = readFileSync(path.join(outputDir, 'SettingsPage.js'), 'utf8');
  assert.ok(files.some((file) => file.endsWith('manifest.json')), `there is no manifest among ${files.join(', ')}`);
  assert.ok(built.length > 20_000 && built.length < LARGEST, `the page has ${built.length} letters`);
  assert.ok(built.includes('/settings/'), 'the page asks nobody');
  console.log(`HubSpot's bundler: ${built.length} letters, ${files.join(', ')}`);
} finally {
  rmSync(outputDir, { recursive: true });
}
