// Validates a HubSpot developer project as `hs project validate` does, with HubSpot's own parser, but without an account: the
// one thing that the parser fetches, the schemas of the components, comes from schemas.json (contract hubspot-platform §3.4).

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { http } from '@hubspot/local-dev-lib/http';
import { getAllHsProfiles, loadHsProfileFile, validateProfileVariables } from '@hubspot/project-parsing-lib/profiles';
import { getProjectMetadata, parseProjectConfig } from '@hubspot/project-parsing-lib/projects';
import { isTranslationError, translate } from '@hubspot/project-parsing-lib/translate';

import { ofComponents, ofProfile } from './rules.mjs';

const SCHEMAS = JSON.parse(readFileSync(new URL('schemas.json', import.meta.url), 'utf8'));

// What the parser asked HubSpot for.
export const asked = [];
http.get = async (_account, { url }) => {
  asked.push(url);
  return { data: SCHEMAS };
};

// The project with one profile: everything that is wrong with it, and what it consists of.
async function withProfile(projectDir, config, profile) {
  const src = path.resolve(projectDir, config.srcDir);
  const { accountId, variables } = loadHsProfileFile(src, profile);
  const complaints = [
    ...validateProfileVariables(variables ?? {}, profile).errors,
    ...ofProfile({ accountId, variables }),
  ];
  // The schemas are given to any account, so the parser wants one.
  const context = { projectSourceDir: src, platformVersion: config.platformVersion, accountId: 1 };
  let components = [];
  try {
    const result = await translate(context, { skipValidation: false, profile });
    complaints.push(...result.skippedHsMetaFiles.map((file) => `${file}: HubSpot skips it where it stands`));
    components = Object.values(result.intermediateRepresentation.intermediateNodesIndexedByUid);
    complaints.push(...ofComponents(components, variables ?? {}, src));
  } catch (error) {
    complaints.push(...explained(error));
  }
  return {
    complaints: complaints.map((complaint) => `${profile}: ${complaint.replace(/\s+/g, ' ').trim()}`),
    components,
  };
}

function explained(error) {
  if (!isTranslationError(error)) return [error.message];
  return error.errors.flatMap(({ file, errors }) => errors.map((one) => `${file}: ${one}`));
}

// The parser stumbles over a file without a uid before it can say so.
async function withoutUid(src) {
  const { hsMetaFiles } = await getProjectMetadata(src);
  return hsMetaFiles.flatMap((file) => {
    try {
      const { uid } = JSON.parse(readFileSync(file, 'utf8'));
      return typeof uid === 'string' ? [] : [`${path.relative(src, file)}: Missing required field: 'uid'`];
    } catch {
      return [`${path.relative(src, file)}: Invalid JSON`];
    }
  });
}

/**
 * Validates a project with each of its profiles.
 *
 * @param {string} projectDir the folder of hsproject.json
 * @returns {Promise<{complaints: string[], profiles: {profile: string, components: object[]}[]}>}
 */
export async function validate(projectDir) {
  let config;
  try {
    config = parseProjectConfig(projectDir);
  } catch (error) {
    return { complaints: [`hsproject.json: ${error.message}`], profiles: [] };
  }
  const src = path.resolve(projectDir, config.srcDir);
  const unnamed = await withoutUid(src);
  if (unnamed.length > 0) return { complaints: unnamed, profiles: [] };

  const complaints = [];
  const profiles = [];
  for (const profile of (await getAllHsProfiles(src)).sort()) {
    const result = await withProfile(projectDir, config, profile);
    complaints.push(...result.complaints);
    profiles.push({ profile, components: result.components });
  }
  if (profiles.length === 0)
    complaints.push('no hsprofile.*.json: nothing says where the project is to be uploaded to');
  return { complaints, profiles };
}
