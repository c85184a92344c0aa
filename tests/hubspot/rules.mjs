// What must hold of a HubSpot project and what no schema can say: things that refer to one another, to files, or to addresses.
// Each rule answers with complaints. Sources: contract hubspot-platform §1, §4 and §6.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SCOPES = new Set(JSON.parse(readFileSync(new URL('scopes.json', import.meta.url), 'utf8')).scopes);

// HubSpot takes no more (§4.1).
const SUBSCRIPTIONS_LIMIT = 1000;

// Names that are reserved for examples; nothing is ever there.
const EXAMPLE = /(^|[.@])example\.(com|net|org)$/;

/** Of a profile: where it goes, and what it says. */
export function ofProfile({ accountId, variables }) {
  const complaints = [];
  const base = variables?.PUBLIC_BASE_URL;
  if (!Number.isInteger(accountId) || accountId < 0) {
    complaints.push(
      `accountId is ${JSON.stringify(accountId)}, and must be the number of a HubSpot account (0: none yet)`,
    );
  }
  if (!URL.canParse(base) || new URL(base).origin !== base || !base.startsWith('https://')) {
    complaints.push(
      `PUBLIC_BASE_URL is ${JSON.stringify(base)}, and must be https:// and a host, and nothing behind it`,
    );
    return complaints;
  }
  const invented = [new URL(base).hostname, variables.SUPPORT_EMAIL ?? ''].filter((name) => EXAMPLE.test(name));
  if (accountId > 0 && invented.length > 0) {
    complaints.push(`it names an account, but ${invented.join(' and ')} are still examples`);
  }
  return complaints;
}

/** Of all components together, with the variables of the profile in their places. */
export function ofComponents(components, variables, src) {
  const of = (type) => components.filter((component) => component.componentType === type);
  const [app] = of('APPLICATION');
  if (!app) return ['there is no app'];
  return [
    ...addresses(components, variables),
    ...scopes(app),
    ...logo(app, src),
    ...of('WEBHOOKS').flatMap((webhooks) => subscriptions(webhooks, app)),
    ...of('SETTINGS').flatMap((settings) => entrypoint(settings, src)),
    ...of('WORKFLOW_ACTION').flatMap(action),
  ];
}

// Every address that HubSpot calls or links to begins with the profile's one public address.
function addresses(components, { PUBLIC_BASE_URL: base }) {
  return components.flatMap(({ metaFilePath, config }) => {
    const urls = texts(config).filter((text) => /^https?:/.test(text));
    const elsewhere = urls.filter((url) => url !== base && !url.startsWith(`${base}/`));
    return elsewhere.map((url) => `${metaFilePath}: ${url} is elsewhere than PUBLIC_BASE_URL`);
  });
}

function texts(value) {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

function scopes({ metaFilePath, config: { auth } }) {
  const all = [...auth.requiredScopes, ...auth.optionalScopes, ...auth.conditionallyRequiredScopes];
  const unknown = all.filter((scope) => !SCOPES.has(scope));
  return [
    ...(auth.requiredScopes.includes('oauth') ? [] : [`${metaFilePath}: oauth must be among the required scopes`]),
    ...unknown.map((scope) => `${metaFilePath}: HubSpot has no scope ${scope}`),
    ...repeated(all).map((scope) => `${metaFilePath}: the scope ${scope} stands in two lists`),
  ];
}

function logo({ metaFilePath, config }, src) {
  const missing = config.logo && !existsSync(path.join(src, config.logo));
  return missing ? [`${metaFilePath}: there is no ${config.logo}`] : [];
}

// An event is only sent to an app that may read the record (§4.1), so the scope must be one that every portal grants.
function subscriptions({ metaFilePath, config }, app) {
  const granted = new Set(app.config.auth.requiredScopes);
  const generic = config.subscriptions.crmObjects ?? [];
  const count = Object.values(config.subscriptions).flat().length;
  const names = generic.map((one) =>
    [one.subscriptionType, one.objectType, one.propertyName].filter(Boolean).join(' '),
  );
  const unread = [...new Set(generic.map((one) => one.objectType))].filter((object) => !granted.has(readScope(object)));
  return [
    ...repeated(names).map((name) => `${metaFilePath}: ${name} is subscribed to twice`),
    ...unread.map(
      (object) => `${metaFilePath}: events of ${object} need ${readScope(object)} among the required scopes`,
    ),
    ...(count > SUBSCRIPTIONS_LIMIT
      ? [`${metaFilePath}: ${count} subscriptions are more than ${SUBSCRIPTIONS_LIMIT}`]
      : []),
  ];
}

function readScope(object) {
  if (object === 'product' || object === 'line_item') return 'e-commerce';
  return `crm.objects.${object === 'company' ? 'companies' : `${object}s`}.read`;
}

function entrypoint({ metaFilePath, config }, src) {
  const file = path.join(src, config.entrypoint);
  const wanted = [file, path.join(path.dirname(file), 'package.json')].filter((one) => !existsSync(one));
  return wanted.map((one) => `${metaFilePath}: there is no /${path.relative(src, one)}`);
}

// Fields, rules and labels of a workflow action fit each other, in every language alike (§1.6, §6.6).
function action({ metaFilePath, config }) {
  const named = (fields) => (fields ?? []).map((field) => field.typeDefinition.name);
  const inputs = named(config.inputFields);
  const outputs = named(config.outputFields);
  const rules = (config.executionRules ?? []).map((rule) => rule.labelName);
  const conditions = (config.executionRules ?? []).flatMap((rule) => Object.keys(rule.conditions));
  const complaints = [
    ...repeated(inputs).map((name) => `two inputs are called ${name}`),
    ...repeated(outputs).map((name) => `two outputs are called ${name}`),
    ...repeated(rules).map((name) => `two rules are called ${name}`),
    ...without(conditions, outputs).map((name) => `a rule looks at ${name}, which is no output`),
    ...config.inputFields.flatMap(choices),
  ];
  for (const [language, labels] of Object.entries(config.labels)) {
    const parts = [
      ['inputFieldLabels', inputs],
      ['outputFieldLabels', outputs],
      ['executionRules', rules],
    ];
    for (const [part, names] of parts) {
      const said = Object.keys(labels[part] ?? {});
      complaints.push(...without(names, said).map((name) => `${language}: ${part} lacks ${name}`));
      complaints.push(...without(said, names).map((name) => `${language}: ${part} has ${name}, which is nothing`));
    }
    const described = Object.keys(labels.inputFieldDescriptions ?? {});
    complaints.push(...without(described, inputs).map((name) => `${language}: describes ${name}, which is no input`));
    complaints.push(
      ...without(tokens(labels.actionCardContent), inputs).map((name) => `${language}: the card names ${name}`),
    );
    const told = Object.values(labels.executionRules ?? {}).flatMap(tokens);
    complaints.push(
      ...without(told, [...inputs, ...outputs]).map((name) => `${language}: a rule's text names ${name}`),
    );
    for (const part of without(Object.keys(config.labels.en), Object.keys(labels))) {
      complaints.push(`${language}: lacks ${part}, which en has`);
    }
  }
  return [...new Set(complaints)].map((complaint) => `${metaFilePath}: ${complaint}`);
}

// A list to choose from is written down or asked for, never both.
function choices({ typeDefinition: { name, type, options, optionsUrl, referencedObjectType } }) {
  const sources = [options, optionsUrl, referencedObjectType].filter(Boolean).length;
  if (type === 'enumeration') return sources === 1 ? [] : [`${name} needs either options or an optionsUrl`];
  return sources === 0 ? [] : [`${name} is no enumeration, and has choices`];
}

function tokens(text) {
  return [...(text ?? '').matchAll(/{{\s*([^}\s]+)\s*}}/g)].map((match) => match[1]);
}

function without(names, others) {
  return names.filter((name) => !others.includes(name));
}

function repeated(names) {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
