// The real page in a real browser, against the product on this machine: install, connect with a wrong key, then the right one; switch
// clients on, see them come, map a new property, preview, see a problem, mend it, retry, switch language. Screenshots are kept; axe finds nothing serious.
//
//   node browser.mjs --binary target/debug/local [--screenshots FOLDER] [--port 18080]

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';

import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const { values } = parseArgs({
  options: {
    binary: { type: 'string', default: '../../target/debug/local' },
    screenshots: { type: 'string' },
    port: { type: 'string', default: '18080' },
  },
});
const ADDRESS = `http://127.0.0.1:${values.port}/`;
// A portal that nobody has connected yet, beside the demo's.
const PORTAL = 4243;
const PAGE = `${ADDRESS}?portal=${PORTAL}`;
const INSTALL = `http://127.0.0.1:${Number(values.port) + 2}/_sim/oauth/install?portal=${PORTAL}`;
const KLEER = `http://127.0.0.1:${Number(values.port) + 1}/_sim/company/1/client/1004`;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// The narrowest window in which no text may be cut.
const WIDTH = 1024;

const demo = spawn(values.binary, ['demo', '--port', values.port, '--clients', '60', '--products', '10', '--seed', '3'], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
const until = Date.now() + 60_000;
while (!(await fetch(`${ADDRESS}health`).catch(() => null))?.ok) {
  assert.ok(demo.exitCode === null, 'the demo ended before it was ready');
  assert.ok(Date.now() < until, 'the demo is not ready after a minute');
  await new Promise((resolve) => setTimeout(resolve, 200));
}
const change = (client) =>
  fetch(KLEER, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(client) });

if (values.screenshots) mkdirSync(values.screenshots, { recursive: true });
const browser = await puppeteer.launch({
  args: [...chromium.args, '--no-sandbox'],
  executablePath: await chromium.executablePath(),
  headless: 'shell',
  defaultViewport: { width: WIDTH, height: 900 },
});
const page = await browser.newPage();
const complaints = [];
page.on('pageerror', (error) => complaints.push(String(error)));
page.on('console', (message) => {
  if (message.type() === 'error') complaints.push(message.text());
});

let steps = 0;
async function step(name, what) {
  await what();
  steps += 1;
  if (values.screenshots) {
    const file = `${String(steps).padStart(2, '0')}-${name.replaceAll(' ', '-')}.png`;
    await page.screenshot({ path: path.join(values.screenshots, file), fullPage: true });
  }
  console.log(`  ${name}`);
}

const by = (id) => `[data-test-id="${id}"]`;
const says = (text, timeout = 20_000) =>
  page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { timeout }, text);
const tab = (id) => page.click(`[data-tab="${id}"]`);
const press = async (selector) => {
  await page.waitForSelector(`${selector}:not([disabled])`, { visible: true });
  await page.click(selector);
};
const type = async (selector, text) => {
  await page.waitForSelector(selector, { visible: true });
  await page.click(selector, { count: 3 });
  await page.keyboard.press('Backspace');
  await page.type(selector, text);
};

/** Nothing is wider than the window, and nothing serious bars anybody. */
async function everybody() {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
  assert.deepEqual(found, []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `the page is ${wide} pixels wider than the window`);
}

try {
  await step('the page opens', async () => {
    // From the marketplace; at its end HubSpot's own pages would open, which are not here.
    const consented = await fetch(INSTALL, { redirect: 'manual' });
    await fetch(consented.headers.get('location'), { redirect: 'manual' });
    await page.goto(PAGE);
    // It may have to be built first; the page that says so loads itself again.
    await page.waitForSelector('[role="tablist"]', { timeout: 240_000 });
    await page.evaluate(() => localStorage.setItem('language', 'en'));
    await page.reload({ waitUntil: 'networkidle2' });
    await says('Kleer API Credentials');
    await everybody();
  });
  await step('a wrong key is told', async () => {
    await type('input[name="company_id"]', '1');
    await type('input[name="api_key"]', 'not-the-key');
    await press(by('save-credentials'));
    await page.waitForSelector(by('terms-missing'));
    await press(by('terms'));
    await press(by('save-credentials'));
    await says('Kleer does not know this API Key');
    assert.equal(await page.$eval('input[name="api_key"]', (input) => input.value), 'not-the-key');
    await everybody();
  });
  await step('the right key connects', async () => {
    await type('input[name="api_key"]', 'demo-key');
    await press(by('save-credentials'));
    await says('Connected to Demobolaget AB');
    await page.waitForFunction((id) => document.querySelector(id)?.innerText === 'Configured', {}, by('key-configured'));
    await page.waitForFunction((id) => document.querySelector(id)?.innerText === 'Configured', {}, by('company-configured'));
  });
  await step('a preview before anything is switched on', async () => {
    await tab('client');
    await says('See what the first sync would do');
    await press(by('preview-client'));
    await says('Of 60 records in Kleer. Nothing was written.', 40_000);
    await everybody();
  });
  await step('clients are switched on, and come', async () => {
    await press(by('switch'));
    await page.waitForFunction((id) => document.querySelector(id)?.getAttribute('aria-checked') === 'true', {}, by('switch'));
    await everybody();
    await tab('status');
    await says('60 in Kleer: 60 created', 60_000);
    await everybody();
    await tab('client');
    await page.waitForSelector(by('add-mapping'), { visible: true });
  });
  await step('a mapping with a new property', async () => {
    await press(by('add-mapping'));
    await page.waitForSelector('dialog[open] select[name="field"]', { visible: true });
    const gln = await page.$$eval('dialog[open] select[name="field"] option', (options) =>
      options.find((option) => option.textContent.includes('(gln)')).value,
    );
    await page.select('dialog[open] select[name="field"]', gln);
    await press(`dialog[open] ${by('new-property')}`);
    await page.waitForSelector('dialog[open] input[name="new_name"]');
    assert.equal(await page.$eval('dialog[open] input[name="new_name"]', (input) => input.value), 'kleer_gln');
    await everybody();
    await press(`dialog[open] ${by('create-property')}`);
    // What it says of it is gone after some seconds; what it chose stays.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('dialog[open] select')].some((one) => one.selectedOptions[0]?.textContent.includes('kleer_gln')),
    );
    await press(`dialog[open] ${by('save-mapping')}`);
    await page.waitForFunction((id) => document.querySelector(id)?.innerText.includes('kleer_gln'), {}, by('mappings'));
  });
  await step('the status', async () => {
    await tab('status');
    await page.waitForSelector(by('type-client'), { visible: true });
    await says('60 in Kleer', 60_000);
    await press(by('sync-client'));
    await says('The sync begins in a moment.');
    await everybody();
  });
  await step('a preview writes nothing', async () => {
    await press(by('preview-client'));
    await says('Nothing was written.', 40_000);
  });
  await step('a problem is shown', async () => {
    assert.ok((await change({ name: '' })).ok);
    await press(by('sync-client'));
    await page.waitForSelector(by('retry-1004'), { visible: true, timeout: 60_000 });
    await says('A value is missing');
    await says('1004');
    await everybody();
  });
  await step('it is mended and tried again', async () => {
    assert.ok((await change({ name: 'Mended AB' })).ok);
    await press(by('retry-1004'));
    await page.waitForFunction((id) => !document.querySelector(id), { timeout: 60_000 }, by('retry-1004'));
    await says('No problems');
  });
  await step('in Swedish', async () => {
    await page.evaluate(() => localStorage.setItem('language', 'sv'));
    await page.reload({ waitUntil: 'networkidle2' });
    await says('API-uppgifter för Kleer');
    await tab('status');
    await says('Synkstatus');
    await everybody();
  });
  assert.deepEqual(complaints, []);
  console.log(`settings page in a browser: ${steps} passed, 0 failed`);
} catch (error) {
  if (values.screenshots) await page.screenshot({ path: path.join(values.screenshots, 'failed.png'), fullPage: true });
  console.log(`settings page in a browser: ${steps} passed, 1 failed`);
  console.error(error, complaints);
  process.exitCode = 1;
} finally {
  await browser.close();
  demo.kill('SIGINT');
}
