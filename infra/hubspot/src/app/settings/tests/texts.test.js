// Both languages say the same things, and nothing that the backend says has no words.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { en } from '../texts/en.ts';
import { createTexts, languageOf } from '../texts/index.ts';
import { labelsSv } from '../texts/labels.sv.ts';
import { sv } from '../texts/sv.ts';

const REPOSITORY = new URL('../../../../../../', import.meta.url);
const read = (path) => readFileSync(fileURLToPath(new URL(path, REPOSITORY)), 'utf8');
const places = (text) => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();

test('both languages have the same keys, and the same places in them', () => {
  expect(Object.keys(sv)).toEqual(Object.keys(en));
  const different = Object.keys(en).filter((key) => String(places(en[key])) !== String(places(sv[key])));
  expect(different).toEqual([]);
});

test('no text is empty, and none was forgotten in the other language', () => {
  expect(Object.values({ ...en }).filter((text) => text.trim() === '')).toEqual([]);
  const alike = Object.keys(en).filter((key) => en[key] === sv[key]);
  // Names, and words that are the same in both.
  expect(alike).toEqual(['page.status', 'connection.status', 'problems.what', 'problems.inHubspot']);
});

test('every text is used', () => {
  const folder = new URL('..', import.meta.url);
  const files = readdirSync(fileURLToPath(folder), { recursive: true }).filter(
    (file) => /\.tsx?$/.test(file) && !/^(node_modules|tests|texts.(en|sv))/.test(file),
  );
  const code = files.map((file) => readFileSync(fileURLToPath(new URL(file, folder)), 'utf8')).join('\n');
  // Keys that are put together from what the backend says.
  const made = [...code.matchAll(/`([a-z]+)\.\$\{/g)].map((found) => found[1]);
  const unused = Object.keys(en).filter((key) => !code.includes(`'${key}'`) && !made.includes(key.split('.')[0]));
  expect(unused).toEqual([]);
});

/** The variants of a Rust enum, as they are written in JSON. */
function variants(path, name) {
  const body = read(path).split(new RegExp(`enum ${name} \\{`))[1].split('\n}')[0];
  const names = [...body.matchAll(/^ {4}([A-Z]\w*)(?:\(\w+\))?,?$/gm)].map((found) => found[1]);
  return names.map((variant) => variant.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
}

test.each([
  ['code', 'shared/portal/src/settings/refusal.rs', 'Code'],
  ['problem', 'shared/domain/src/problem.rs', 'ProblemCode'],
  ['remedy', 'shared/domain/src/problem.rs', 'ProblemCode'],
  ['kind', 'shared/domain/src/activity.rs', 'ActivityKind'],
  ['types', 'shared/domain/src/spec.rs', 'ObjectType'],
])('%s: everything that %s calls %s has a text', (prefix, path, name) => {
  const all = variants(path, name);
  expect(all.length).toBeGreaterThan(4);
  expect(all.filter((one) => !(`${prefix}.${one}` in en))).toEqual([]);
});

test('states of records and HubSpot objects have texts', () => {
  const states = [...read('shared/domain/src/binding.rs').matchAll(/=> "(\w+)",/g)].map((found) => found[1]);
  expect(states.length).toBeGreaterThan(8);
  expect(states.filter((one) => !(`state.${one}` in en))).toEqual([]);
  const offered = read('shared/portal/src/settings/object.rs').match(/OFFERED[^=]*= \[([^\]]*)\]/)[1];
  const objects = [...offered.matchAll(/"(\w+)"/g)].map((found) => found[1]);
  expect(objects.filter((one) => !(`hubspot.${one}` in en))).toEqual([]);
});

test('labels of Kleer fields have Swedish words', () => {
  const folder = 'shared/sync/src/objects/';
  const files = ['client', 'invoice', 'agreement', 'product', 'line_item', 'project'];
  const labels = files.flatMap((file) =>
    [...read(`${folder}${file}.rs`).matchAll(/FieldSpec \{ name: "[^"]*", label: "([^"]*)"/g)].map((found) => found[1]),
  );
  expect(labels.length).toBeGreaterThan(100);
  expect(labels.filter((label) => !(label in labelsSv))).toEqual([]);
});

test('how numbers, moments and spans are written', () => {
  const english = createTexts('en', 'Europe/Stockholm');
  const swedish = createTexts('sv', 'Europe/Stockholm');
  expect(english.number(1234)).toBe('1,234');
  expect(swedish.number(1234)).toBe('1\u00a0234');
  expect(english.moment('2026-11-21T23:30:00Z')).toBe('22 Nov 2026, 00:30');
  expect(swedish.moment('2026-11-21T23:30:00Z')).toBe('22 nov. 2026 00:30');
  expect(createTexts('en', 'No/Where').moment('2026-11-21T23:30:00Z')).toMatch(/2026/);
  const pauses = [60, 900, 3600, 86400, 172800];
  expect(pauses.map(english.every)).toEqual(['Every minute', 'Every 15 minutes', 'Every hour', 'Once a day', 'Every 2 days']);
  expect(pauses.map(swedish.every)).toEqual([
    'Varje minut',
    'Var 15:e minut',
    'Varje timme',
    'En gång om dygnet',
    'Var 2:e dygn',
  ]);
  expect([english.day('2026-11-01'), swedish.day('2026-11-21')]).toEqual(['1 Nov', '21 nov.']);
  expect([english.say('Yes', 'Ja'), swedish.say('Yes', 'Ja'), swedish.say('Yes', null)]).toEqual(['Yes', 'Ja', 'Yes']);
  expect(swedish.label('Zip code')).toBe('Postnummer');
  expect(swedish.label('Something new')).toBe('Something new');
  expect(english.maybe('code.nothing')).toBe(null);
});

test('Swedish for whoever uses HubSpot in Swedish', () => {
  expect(languageOf({ language: 'sv' })).toBe('sv');
  expect(languageOf({ locale: 'sv-SE' })).toBe('sv');
  expect(languageOf({ language: 'en', locale: 'sv-SE' })).toBe('en');
  expect(languageOf({ language: 'de' })).toBe('en');
  expect(languageOf({})).toBe('en');
});

test('the host that shows the page without HubSpot has every component that it uses', () => {
  const folder = new URL('..', import.meta.url);
  const files = readdirSync(fileURLToPath(folder), { recursive: true }).filter(
    (file) => /\.tsx$/.test(file) && !/^(node_modules|tests)/.test(file),
  );
  const code = files.map((file) => readFileSync(fileURLToPath(new URL(file, folder)), 'utf8'));
  const used = new Set(code.flatMap((text) => [...text.matchAll(/<([A-Z]\w+)/g)].map((found) => found[1])));
  const imported = code.flatMap((text) => {
    const names = [...text.matchAll(/import \{([^}]*)\} from '@hubspot\/ui-extensions'/g)].map((found) => found[1]);
    return names.flatMap((list) => list.split(',').map((name) => name.trim()));
  });
  const shown = read('infra/local/page/src/components/index.ts').split('export const components = {')[1];
  const wanted = [...new Set(imported)].filter((name) => used.has(name));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !new RegExp(`^  ${name},$`, 'm').test(shown))).toEqual([]);
});
