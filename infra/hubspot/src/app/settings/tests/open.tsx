// Opens the page in HubSpot's testing renderer.

import { Button, Tabs } from '@hubspot/ui-extensions';
import { createRenderer } from '@hubspot/ui-extensions/testing';
import type { RenderedFragmentNode } from '@hubspot/ui-extensions/testing';

import { SettingsPage } from '../SettingsPage.tsx';
import { BASE } from './backend.ts';

export type Opened = ReturnType<typeof open>;

export function open(language = 'en') {
  const renderer = createRenderer('settings');
  const { context, actions } = renderer.mocks;
  context.portal.id = 4242;
  context.portal.timezone = 'Europe/Stockholm';
  context.user.language = language;
  context.variables = { PUBLIC_BASE_URL: BASE };
  // As HubSpot does: the page is rendered with what it hands over.
  renderer.render(<SettingsPage context={context} actions={actions} />);
  return renderer;
}

/** Opens the page and one of its tabs. */
export async function openTab(tab: string, language = 'en') {
  const page = open(language);
  await page.waitFor(() => page.find(Tabs));
  const select = page.find(Tabs).props.onSelectedChange as (id: string) => void;
  select(tab);
  return page;
}

interface Node {
  text?: string | null;
  childNodes?: readonly Node[];
}

/** All words in a part of the page, in order; without a part, in the whole. */
export function words(of: Node): string {
  const all = of.childNodes?.length ? of.childNodes.map(words).join(' ') : (of.text ?? '');
  return all.replace(/\s+/g, ' ').trim();
}

/** Everything that the page says at this moment. */
export function said(page: Opened): string {
  return words(page.getRootNode());
}

/** The dialog behind a button. */
export function dialogOf(page: Opened, button: string): RenderedFragmentNode {
  return page.findByTestId(Button, button).props.overlay as unknown as RenderedFragmentNode;
}
