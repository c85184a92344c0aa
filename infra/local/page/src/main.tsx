// Plays HubSpot's part (contract hubspot-platform §3.5 A): the page runs unmodified, in HubSpot's own library; this host draws what it
// asks for, sends its requests to the local server, which signs them, and shows its messages.

import { createRemoteReceiver, createRemoteRoot } from '@remote-ui/core';
import { createRoot as createRemoteReactRoot } from '@remote-ui/react';
import { RemoteRenderer, createController } from '@remote-ui/react/host';
import type { ReactElement } from 'react';
import { createRoot } from 'react-dom/client';

import { Shell, tell } from './Shell.tsx';
import { components } from './components/index.ts';
import { closeOverlay } from './components/overlays.tsx';
import { chosenLanguage } from './language.ts';
import './style.css';

interface Told {
  base_url: string;
  portal: number;
  app: number;
  user: { id: number; email: string };
}

type Extension = (api: { context: unknown; actions: unknown }) => ReactElement;

/** As HubSpot's proxy does, for the portal that the address names (`/?portal=…`): the body is JSON, headers are not passed on, and the local server adds who asks, and signs. */
async function hsFetch(url: string, options: { body?: object; timeout?: number } = {}): Promise<Response> {
  const path = url.startsWith(told.base_url) ? url.slice(told.base_url.length) : null;
  if (path === null) throw new Error(`${url} is not among the permitted addresses`);
  return fetch(`/page/fetch${path}${location.search}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(options.body ?? {}),
    signal: AbortSignal.timeout(options.timeout ?? 15_000),
  });
}

const told = (await (await fetch(`/page/context.json${location.search}`)).json()) as Told;
const language = chosenLanguage();
const actions = {
  addAlert: tell,
  closeOverlay,
  copyTextToClipboard: (text: string) => navigator.clipboard.writeText(text),
  navigateToPage: () => undefined,
  openIframeModal: () => undefined,
  reloadPage: () => location.reload(),
};
const context = {
  location: 'settings',
  portal: { id: told.portal, timezone: 'Europe/Stockholm' },
  user: {
    ...told.user,
    emails: [told.user.email],
    firstName: '',
    lastName: '',
    roles: [],
    teams: [],
    language,
    locale: language,
    permissions: ['integrations-management-write'],
  },
  variables: { PUBLIC_BASE_URL: told.base_url },
  extension: { appId: told.app, appName: 'Kleer for HubSpot' },
};

let extension: Extension | null = null;
Object.assign(self, {
  __HUBSPOT_EXTENSION_WORKER__: true,
  logger: console,
  extend_V2: (callback: Extension) => {
    extension = callback;
  },
  hsFetch,
  hsWorkerAPI: {
    useExtensionContext: () => context,
    useExtensionActions: () => actions,
    useExtensionApi: () => ({ context, actions }),
  },
});
await import('page');

const receiver = createRemoteReceiver();
const root = createRemoteRoot(receiver.receive);
const render = extension as Extension | null;
if (!render) throw new Error('the page did not say how it is drawn');
document.documentElement.lang = language;
createRoot(document.getElementById('app') as HTMLElement).render(
  <Shell portal={told.portal} language={language}>
    <RemoteRenderer receiver={receiver} controller={createController(components)} />
  </Shell>,
);
createRemoteReactRoot(root).render(render({ context, actions }));
root.mount();
