// The settings page of Kleer for HubSpot. HubSpot shows it under Connected Apps; a browser host shows it on one machine.

import { Flex, Tab, Tabs, hubspot } from '@hubspot/ui-extensions';
import { useMemo, useState } from 'react';

import { createClient } from './api/client.ts';
import type { ObjectName, Overview } from './api/types.ts';
import { General } from './general/General.tsx';
import { ObjectTab } from './objects/ObjectTab.tsx';
import { Awaited } from './parts/answers.tsx';
import { PageProvider, usePage } from './parts/page.tsx';
import type { Page } from './parts/page.tsx';
import { useAsk } from './parts/useAsk.ts';
import { Status } from './status/Status.tsx';
import { createTexts, languageOf } from './texts/index.ts';

/** What the page needs of HubSpot. */
export interface Host {
  context: {
    portal: { id: number; timezone: string };
    user: { language?: string; locale?: string };
    variables?: Record<string, unknown>;
  };
  actions: {
    addAlert(alert: { type?: 'success' | 'danger' | 'info'; message: string }): void;
    closeOverlay(id: string): void;
  };
}

hubspot.extend<'settings'>(({ context, actions }) => <SettingsPage context={context} actions={actions} />);

export function SettingsPage({ context, actions }: Host) {
  const { id, timezone } = context.portal;
  const language = languageOf(context.user);
  const baseUrl = String(context.variables?.['PUBLIC_BASE_URL'] ?? '').replace(/\/+$/, '');
  const page = useMemo<Page>(
    () => ({
      client: createClient(baseUrl),
      texts: createTexts(language, timezone),
      baseUrl,
      portal: id,
      tell: (message, type = 'success') => actions.addAlert({ type, message }),
      close: (overlay) => actions.closeOverlay(overlay),
    }),
    [actions, baseUrl, id, language, timezone],
  );
  return (
    <PageProvider value={page}>
      <Loaded />
    </PageProvider>
  );
}

function Loaded() {
  const { texts } = usePage();
  const asked = useAsk('overview', {});
  return (
    <Awaited asked={asked} label={texts.t('page.loading')}>
      {(overview) => <AllTabs overview={overview} reload={asked.reload} />}
    </Awaited>
  );
}

/** The order of the product (contract product §4). */
const TYPES: readonly ObjectName[] = ['client', 'invoice', 'agreement', 'product', 'line_item', 'project'];

function AllTabs({ overview, reload }: { overview: Overview; reload: () => void }) {
  const { texts } = usePage();
  const [selected, setSelected] = useState('general');
  const isConnected = overview.hubspot.status === 'connected';
  const notYet = isConnected ? {} : { disabled: true, tooltip: texts.t('page.connectFirst') };
  const select = (tab: string) => {
    setSelected(tab);
    // What other tabs saved is shown on this one.
    if (tab === 'general') reload();
  };
  return (
    <Flex direction="column">
      <Tabs selected={selected} onSelectedChange={select}>
        <Tab tabId="general" title={texts.t('page.general')}>
          <General overview={overview} reload={reload} go={select} />
        </Tab>
        {TYPES.map((object) => (
          <Tab key={object} tabId={object} title={texts.t(`types.${object}`)} {...notYet}>
            {selected === object && <ObjectTab object={object} onSaved={reload} />}
          </Tab>
        ))}
        <Tab tabId="status" title={texts.t('page.status')} {...notYet}>
          {selected === 'status' && <Status />}
        </Tab>
      </Tabs>
    </Flex>
  );
}
