// The HubSpot project is valid, and the validator can say no: each line of the table spoils a copy in one way.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { asked, validate } from './validate.mjs';

const PROJECT = fileURLToPath(new URL('../../infra/hubspot', import.meta.url));
const APP = 'src/app/app-hsmeta.json';
const WEBHOOKS = 'src/app/webhooks/webhooks-hsmeta.json';
const SETTINGS = 'src/app/settings/settings-page-hsmeta.json';
const ACTION = 'src/app/workflow-actions/sample-hsmeta.json';
const DEV = 'src/hsprofile.dev.json';

const copies = mkdtempSync(path.join(tmpdir(), 'hubspot-project-'));
after(() => rmSync(copies, { recursive: true }));

// A copy of the project, with a settings page and a workflow action that are made to be spoiled in place of its own.
function copy() {
  const folder = mkdtempSync(path.join(copies, 'copy-'));
  cpSync(PROJECT, folder, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
  for (const own of ['settings', 'workflow-actions'])
    rmSync(path.join(folder, 'src/app', own), { recursive: true, force: true });
  write(folder, SETTINGS, settings());
  write(folder, 'src/app/settings/SettingsPage.tsx', '');
  write(folder, 'src/app/settings/package.json', {});
  write(folder, ACTION, action());
  return folder;
}

function write(folder, file, content) {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

function settings() {
  return { uid: 'settings_page', type: 'settings', config: { entrypoint: '/app/settings/SettingsPage.tsx' } };
}

function action() {
  const labels = {
    actionName: 'Sample',
    actionCardContent: 'Sample of {{template}}',
    inputFieldLabels: { template: 'Template', due_date: 'Due date' },
    outputFieldLabels: { error_code: 'Error code' },
    executionRules: { missingClient: 'No client for {{template}}: {{error_code}}' },
  };
  return {
    uid: 'sample',
    type: 'workflow-action',
    config: {
      actionUrl: '${PUBLIC_BASE_URL}/actions/sample',
      isPublished: true,
      supportedClients: [{ client: 'WORKFLOWS' }],
      objectTypes: ['DEAL'],
      objectRequestOptions: { properties: ['dealname'] },
      inputFields: [
        field('template', 'enumeration', 'select', { optionsUrl: '${PUBLIC_BASE_URL}/actions/options' }),
        field('due_date', 'date', 'date'),
      ],
      outputFields: [{ typeDefinition: field('error_code', 'string', 'text').typeDefinition }],
      executionRules: [{ labelName: 'missingClient', conditions: { error_code: ['MISSING_CLIENT', 'GONE'] } }],
      labels: { en: labels, sv: structuredClone(labels) },
    },
  };
}

function field(name, type, fieldType, more = {}) {
  return {
    typeDefinition: { name, type, fieldType, ...more },
    supportedValueTypes: ['STATIC_VALUE', 'OBJECT_PROPERTY'],
    isRequired: false,
  };
}

test('the project is valid with every profile', async (t) => {
  asked.length = 0;
  const { complaints, profiles } = await validate(PROJECT);
  assert.deepEqual(complaints, []);
  assert.deepEqual(
    profiles.map(({ profile }) => profile),
    ['dev', 'prod'],
  );
  for (const { profile, components } of profiles) {
    const types = components.map(({ componentType }) => componentType);
    assert.ok(types.includes('APPLICATION') && types.includes('WEBHOOKS'), `${profile}: ${types}`);
    for (const { componentType, uid, metaFilePath, config } of components) {
      const events = componentType === 'WEBHOOKS' ? `, ${config.subscriptions.crmObjects.length} subscriptions` : '';
      t.diagnostic(`valid with profile ${profile}: ${metaFilePath} (${componentType} ${uid}${events})`);
    }
  }
  // Nothing else was asked of HubSpot, and nothing of the real one.
  assert.deepEqual([...new Set(asked)], ['project-components-external/project-schemas/v3/2026.09']);
});

test('a settings page and workflow actions are taken as soon as they are there', async () => {
  const { complaints, profiles } = await validate(copy());
  assert.deepEqual(complaints, []);
  for (const { components } of profiles) {
    const types = new Set(components.map(({ componentType }) => componentType));
    assert.deepEqual([...types].sort(), ['APPLICATION', 'SETTINGS', 'WEBHOOKS', 'WORKFLOW_ACTION']);
  }
});

// A file, what is done to its content, and what is then complained about.
const SPOILED = [
  ['no uid', WEBHOOKS, (file) => delete file.uid, /webhooks-hsmeta\.json: Missing required field: 'uid'/],
  ['a uid with a space', WEBHOOKS, (file) => (file.uid = 'kleer webhooks'), /'uid' should use only letters/],
  ['a uid twice', WEBHOOKS, (file) => (file.uid = 'kleer_for_hubspot'), /Duplicate uid/],
  ['no type', WEBHOOKS, (file) => delete file.type, /Missing required field: 'type'/],
  ['no config', WEBHOOKS, (file) => delete file.config, /Missing required field: 'config'/],
  ['a field of nobody', APP, (file) => (file.label = 'x'), /Unexpected top-level properties found: label/],
  ['a platform version of nobody', 'hsproject.json', (file) => (file.platformVersion = '2020.1'), /platform version/],
  ['a project without a name', 'hsproject.json', (file) => delete file.name, /missing required field\(s\): name/],
  ['an app that is not an app', APP, (file) => (file.type = 'card'), /must be a child of the 'app'/],

  [
    'a scope of nobody',
    APP,
    ({ config }) => config.auth.requiredScopes.push('crm.objects.kleer.read'),
    /no scope crm\.objects\.kleer\.read/,
  ],
  ['a scope in two lists', APP, ({ config }) => config.auth.optionalScopes.push('oauth'), /oauth stands in two lists/],
  ['no oauth', APP, ({ config }) => config.auth.requiredScopes.shift(), /oauth must be among/],
  ['a static marketplace app', APP, ({ config }) => (config.auth.type = 'static'), /config\.auth\.type/],
  ['no name', APP, ({ config }) => delete config.name, /config\.name/],
  ['a setting of nobody', APP, ({ config }) => (config.colour = 'red'), /additional properties.*colour/],
  [
    'a callback without TLS',
    APP,
    ({ config }) => (config.auth.redirectUrls = ['http://x.se/oauth/callback']),
    /redirectUrls\.0/,
  ],
  [
    'a callback elsewhere',
    APP,
    ({ config }) => config.auth.redirectUrls.push('https://x.se/cb'),
    /https:\/\/x\.se\/cb is elsewhere/,
  ],
  [
    'fetching from this machine',
    APP,
    ({ config }) => config.permittedUrls.fetch.push('https://localhost:1'),
    /permittedUrls\.fetch\.1/,
  ],
  ['a logo that is not there', APP, ({ config }) => (config.logo = '/app/none.png'), /no \/app\/none\.png/],
  ['a variable of nobody', APP, ({ config }) => (config.name = '${NAME}'), /Missing value for NAME/],

  [
    'an event of nobody',
    WEBHOOKS,
    (file) => (event(file, 'creation').subscriptionType = 'object.update'),
    /subscriptionType.*allowed values/,
  ],
  [
    'an object of nobody',
    WEBHOOKS,
    (file) => (event(file, 'creation').objectType = 'companies'),
    /objectType.*allowed values/,
  ],
  ['projects', WEBHOOKS, (file) => (event(file, 'creation').objectType = 'project'), /objectType.*allowed values/],
  [
    'the old name of the object',
    WEBHOOKS,
    (file) => (event(file, 'creation').objectName = 'company'),
    /additional properties.*objectName/,
  ],
  ['a change of no property', WEBHOOKS, (file) => delete event(file, 'propertyChange').propertyName, /propertyName/],
  ['a property of a deletion', WEBHOOKS, (file) => (event(file, 'deletion').propertyName = 'name'), /propertyName/],
  [
    'a property that sends no events',
    WEBHOOKS,
    (file) => (event(file, 'propertyChange').propertyName = 'hs_lastmodifieddate'),
    /propertyName/,
  ],
  [
    'an event twice',
    WEBHOOKS,
    (file) => events(file).push(event(file, 'propertyChange')),
    /propertyChange company name is subscribed to twice/,
  ],
  [
    'an event that may not be read',
    WEBHOOKS,
    (file) => (event(file, 'deletion').objectType = 'contact'),
    /contact need crm\.objects\.contacts\.read/,
  ],
  [
    'too few at once',
    WEBHOOKS,
    ({ config }) => (config.settings.maxConcurrentRequests = 5),
    /maxConcurrentRequests: must be > 5/,
  ],
  [
    'events that go elsewhere',
    WEBHOOKS,
    ({ config }) => (config.settings.targetUrl = 'https://x.se/'),
    /x\.se\/ is elsewhere/,
  ],
  ['no target', WEBHOOKS, ({ config }) => delete config.settings.targetUrl, /targetUrl/],

  ['an account that is no number', DEV, (file) => (file.accountId = 'kleer'), /accountId is "kleer"/],
  [
    'an account, and an address of nobody',
    DEV,
    (file) => (file.accountId = 7),
    /names an account, but hubspot-dev\.example\.com/,
  ],
  [
    'an address with a slash behind it',
    DEV,
    ({ variables }) => (variables.PUBLIC_BASE_URL += '/'),
    /PUBLIC_BASE_URL is/,
  ],
  ['an address without TLS', DEV, ({ variables }) => (variables.PUBLIC_BASE_URL = 'http://x.se'), /PUBLIC_BASE_URL is/],

  [
    'a page that is not there',
    SETTINGS,
    (file) => (file.config.entrypoint = '/app/settings/None.tsx'),
    /no \/app\/settings\/None\.tsx/,
  ],
  ['an action without an address', ACTION, ({ config }) => delete config.actionUrl, /sample-hsmeta\.json: .*actionUrl/],
  ['an address with a query', ACTION, ({ config }) => (config.actionUrl += '?x=1'), /actionUrl/],
  ['an action for projects', ACTION, ({ config }) => (config.objectTypes = ['PROJECT']), /objectTypes\.0/],
  [
    'a value type of nobody',
    ACTION,
    ({ config }) => (config.inputFields[0].supportedValueTypes = ['FIELD_DATA']),
    /supportedValueTypes/,
  ],
  ['no English', ACTION, ({ config }) => delete config.labels.en, /labels\.en/],
  [
    'a language of nobody',
    ACTION,
    ({ config }) => (config.labels.se = config.labels.sv),
    /labels: property name must be valid/,
  ],
  [
    'an input without a Swedish label',
    ACTION,
    ({ config }) => delete config.labels.sv.inputFieldLabels.due_date,
    /sv: inputFieldLabels lacks due_date/,
  ],
  [
    'a label for nothing',
    ACTION,
    ({ config }) => (config.labels.en.outputFieldLabels.x = 'X'),
    /en: outputFieldLabels has x/,
  ],
  [
    'a card that names nothing',
    ACTION,
    ({ config }) => (config.labels.en.actionCardContent = '{{x}}'),
    /en: the card names x/,
  ],
  [
    'a rule about no output',
    ACTION,
    ({ config }) => (config.executionRules[0].conditions = { x: '1' }),
    /a rule looks at x/,
  ],
  [
    'a rule without words',
    ACTION,
    ({ config }) => (config.executionRules[0].labelName = 'x'),
    /executionRules lacks x/,
  ],
  [
    'a choice of nothing',
    ACTION,
    ({ config }) => delete config.inputFields[0].typeDefinition.optionsUrl,
    /template needs either options/,
  ],
  [
    'an input twice',
    ACTION,
    ({ config }) => config.inputFields.push(config.inputFields[0]),
    /two inputs are called template/,
  ],
];

function events(file) {
  return file.config.subscriptions.crmObjects;
}

function event(file, kind) {
  return events(file).find(({ subscriptionType }) => subscriptionType === `object.${kind}`);
}

for (const [name, file, spoil, complaint] of SPOILED) {
  test(`not valid: ${name}`, async () => {
    const folder = copy();
    const content = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    spoil(content);
    write(folder, file, content);
    const { complaints } = await validate(folder);
    assert.match(complaints.join('\n'), complaint);
  });
}

test('not valid: no JSON', async () => {
  const folder = copy();
  write(folder, APP, '{');
  const { complaints } = await validate(folder);
  assert.match(complaints.join('\n'), /app-hsmeta\.json: Invalid JSON/);
});

test('not valid: a file where HubSpot does not look', async () => {
  const folder = copy();
  write(folder, 'src/app/workflow-actions/deals/sample-hsmeta.json', { ...action(), uid: 'deeper' });
  const { complaints } = await validate(folder);
  assert.match(complaints.join('\n'), /deals\/sample-hsmeta\.json: HubSpot skips it/);
});

test('not valid: a project without a profile', async () => {
  const folder = copy();
  for (const profile of ['dev', 'prod']) rmSync(path.join(folder, `src/hsprofile.${profile}.json`));
  const { complaints } = await validate(folder);
  assert.match(complaints.join('\n'), /no hsprofile/);
});
