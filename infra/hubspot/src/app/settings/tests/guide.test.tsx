import { Link, Tab } from '@hubspot/ui-extensions';
import { afterEach, expect, test, vi } from 'vitest';

import { guide } from '../parts/links.ts';
import { backend, client, overview } from './backend.ts';
import { open, openTab } from './open.tsx';
import type { Opened } from './open.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

const QUIET = {
  overview: () => overview(),
  object: () => client(),
  pipelines: () => ({ choices: [], is_more: false }),
  products: () => ({ choices: [], is_more: false }),
};

const paths = (page: Opened) =>
  page.findAll(Link).map((link) => {
    const { href } = link.props;
    return new URL(typeof href === 'string' ? href : String(href?.url)).pathname;
  });

test('addresses of the guide are those of its pages', () => {
  expect(guide('https://a.se', 'en')).toBe('https://a.se/docs/en');
  expect(guide('https://a.se', 'sv', 'line_item')).toBe('https://a.se/docs/sv/line-items');
  expect(guide('https://a.se', 'sv', 'problems')).toBe('https://a.se/docs/sv/problems#records');
});

test('the first tab leads to the guide and the terms, in the language of the user', async () => {
  backend(QUIET);
  const page = open('sv');
  await page.waitFor(() => page.find(Tab));
  expect(paths(page)).toEqual(expect.arrayContaining(['/docs/sv', '/docs/sv/terms']));
});

test('the tab of a type leads to the page about it', async () => {
  backend(QUIET);
  const page = await openTab('client', 'en');
  await page.waitFor(() => expect(paths(page)).toEqual(expect.arrayContaining(['/docs/en/clients', '/docs/en/field-mappings'])));
});
