// The tab General: how both ends are connected, and what is chosen for all types together.

import { Alert, Divider, Flex, Heading, Link, ProgressBar, Text } from '@hubspot/ui-extensions';

import type { Afresh, Overview } from '../api/types.ts';
import { guide } from '../parts/links.ts';
import { usePage } from '../parts/page.tsx';
import { useEvery } from '../parts/useAsk.ts';
import { Abilities } from './Abilities.tsx';
import { Credentials } from './Credentials.tsx';
import { HubspotConnection } from './HubspotConnection.tsx';
import { NextStep } from './NextStep.tsx';
import { Schedule } from './Schedule.tsx';
import { SyncConfiguration } from './SyncConfiguration.tsx';

interface GeneralProps {
  overview: Overview;
  reload: () => void;
  /** Goes to another tab. */
  go: (tab: string) => void;
}

/** How often a start afresh is looked at while it goes on. */
const LOOK_MS = 5_000;

export function General({ overview, reload, go }: GeneralProps) {
  const { texts, baseUrl } = usePage();
  const afresh = overview.starting_afresh;
  useEvery(LOOK_MS, afresh !== null, reload);
  const isConnected = overview.hubspot.status === 'connected';
  return (
    <Flex direction="column" gap="large">
      {afresh && <StartingAfresh afresh={afresh} />}
      <HubspotConnection overview={overview} reload={reload} />
      {isConnected && (
        <>
          <Divider />
          <Credentials overview={overview} reload={reload} />
          {overview.kleer.configured && afresh === null && overview.objects.every((one) => !one.enabled) && (
            <NextStep look={() => go('client')} reload={reload} />
          )}
          <Divider />
          <SyncConfiguration saved={overview.sync} canAskKleer={overview.kleer.configured} reload={reload} />
          <Divider />
          <Schedule objects={overview.objects} reload={reload} />
          <Divider />
          <Abilities objects={overview.objects} />
        </>
      )}
      <Flex direction="column" gap="extra-small">
        <Heading>{texts.t('general.help')}</Heading>
        <Text>
          {texts.t('general.helpText')}{' '}
          <Link href={{ url: guide(baseUrl, texts.language), external: true }}>{texts.t('general.guide')}</Link>
        </Text>
      </Flex>
    </Flex>
  );
}

function StartingAfresh({ afresh }: { afresh: Afresh }) {
  const { texts } = usePage();
  const { total, cleared } = afresh;
  return (
    <Alert title={texts.t('afresh.title', { company: String(afresh.company_id) })} variant="info">
      <Text>{texts.t('afresh.text')}</Text>
      <ProgressBar
        title={texts.t('afresh.progress')}
        value={total === null ? 0 : cleared}
        maxValue={Math.max(total ?? 1, 1)}
        showPercentage={total !== null}
        valueDescription={
          total === null
            ? texts.t('afresh.counting')
            : texts.t('afresh.of', { done: texts.number(cleared), total: texts.number(total) })
        }
      />
    </Alert>
  );
}
