// The tab Status: how it goes, what is wrong and what mends it, what happened, and where any record stands.

import { Button, Divider, Flex, Heading, LoadingButton, Text } from '@hubspot/ui-extensions';

import type { ObjectName, ObjectStatus, SyncStatus } from '../api/types.ts';
import { Awaited, Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { ReadMore } from '../parts/ReadMore.tsx';
import { useAsk, useDo, useEvery } from '../parts/useAsk.ts';
import { Activity } from './Activity.tsx';
import { DaysChart } from './DaysChart.tsx';
import { Payments } from './Payments.tsx';
import { Problems } from './Problems.tsx';
import { SearchRecord } from './SearchRecord.tsx';
import { TypeStatus } from './TypeStatus.tsx';

/** How often the status is looked at while a run goes on, and otherwise. */
const RUNNING_MS = 3_000;
const RESTING_MS = 30_000;

export function Status() {
  const { texts } = usePage();
  const asked = useAsk('status', {});
  const isRunning = asked.data?.objects.some((one) => one.running) ?? false;
  useEvery(isRunning ? RUNNING_MS : RESTING_MS, true, asked.reload);
  return (
    <Flex direction="column" gap="large">
      <Awaited asked={asked} label={texts.t('status.loading')}>
        {(status) => <Runs status={status} reload={asked.reload} />}
      </Awaited>
      <Divider />
      <Problems counts={asked.data?.objects ?? []} />
      <Divider />
      <SearchRecord />
      <Divider />
      <Activity />
    </Flex>
  );
}

/** The order of the tabs; the backend's is the one in which types depend on each other. */
const ORDER: readonly ObjectName[] = ['client', 'invoice', 'agreement', 'product', 'project'];

function inOrder(objects: ObjectStatus[]): ObjectStatus[] {
  return [...objects].sort((one, other) => ORDER.indexOf(one.object) - ORDER.indexOf(other.object));
}

function Runs({ status, reload }: { status: SyncStatus; reload: () => void }) {
  const { texts, tell } = usePage();
  const sync = useDo('sync-now');
  const verify = useDo('verify-now');
  const anyOn = status.objects.some((one) => one.enabled);
  const all = async (what: typeof sync | typeof verify, said: string) => {
    if ((await what.run({ object: null })).ok) {
      tell(said);
      reload();
    }
  };
  return (
    <Flex direction="column" gap="medium">
      <Flex justify="between" align="start" gap="medium" wrap>
        <Flex direction="column" gap="extra-small">
          <Heading>{texts.t('status.title')}</Heading>
          <Text>
            {texts.t('status.asOf', { at: texts.moment(status.at) })} <ReadMore about="status" />
          </Text>
        </Flex>
        <Flex gap="small" wrap>
          <LoadingButton
            variant="primary"
            loading={sync.busy}
            disabled={!anyOn}
            onClick={() => void all(sync, texts.t('status.syncBegan'))}
            testId="sync-all"
          >
            {texts.t('status.syncAll')}
          </LoadingButton>
          <LoadingButton
            variant="secondary"
            loading={verify.busy}
            disabled={!anyOn}
            onClick={() => void all(verify, texts.t('status.verifyBegan'))}
          >
            {texts.t('status.verifyAll')}
          </LoadingButton>
          <Button variant="secondary" onClick={reload}>
            {texts.t('status.reload')}
          </Button>
        </Flex>
      </Flex>
      <Refused refusal={sync.refusal ?? verify.refusal} />
      <Payments chargeable={status.chargeable} />
      {inOrder(status.objects).map((one) => (
        <TypeStatus key={one.object} status={one} reload={reload} />
      ))}
      <DaysChart written={status.written} at={status.at} />
    </Flex>
  );
}
