// How one type stands, and what can be started for it.

import {
  Accordion,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  LoadingButton,
  ProgressBar,
  StatusTag,
  Text,
  Tile,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { CountsView, ObjectName, ObjectStatus } from '../api/types.ts';
import { Awaited, Refused } from '../parts/answers.tsx';
import { ConfirmButton } from '../parts/ConfirmButton.tsx';
import { usePage } from '../parts/page.tsx';
import { useAsk, useDo } from '../parts/useAsk.ts';
import type { Key, Texts } from '../texts/index.ts';
import { PreviewButton, PreviewTold, usePreview } from './Preview.tsx';

interface TypeStatusProps {
  status: ObjectStatus;
  reload: () => void;
}

export function TypeStatus({ status, reload }: TypeStatusProps) {
  const { texts } = usePage();
  const [variant, word] = standing(status);
  // Of a type that is off and never ran there is nothing to tell.
  const hasRun = status.enabled || status.started_at !== null;
  return (
    <Tile testId={`type-${status.object}`}>
      <Flex direction="column" gap="small">
        <Flex justify="between" align="center" gap="small" wrap>
          <Heading>{texts.t(`types.${status.object}`)}</Heading>
          <StatusTag variant={variant}>{texts.t(word)}</StatusTag>
        </Flex>
        {status.running && <Progress status={status} />}
        {status.interrupted !== null && (
          <Text>{texts.t('run.why', { reason: texts.say(status.interrupted, status.interrupted_sv) })}</Text>
        )}
        {status.unavailable !== null && <Text>{texts.say(status.unavailable, status.unavailable_sv)}</Text>}
        {hasRun && <Facts status={status} />}
        {status.enabled && <Actions status={status} reload={reload} />}
        {hasRun && <ByState object={status.object} />}
      </Flex>
    </Tile>
  );
}

type Standing = ['success' | 'warning' | 'danger' | 'info' | 'default', Key];

function standing(status: ObjectStatus): Standing {
  if (!status.enabled) return ['default', 'run.off'];
  if (status.unavailable !== null) return ['danger', 'run.unavailable'];
  if (status.running) return ['info', 'run.running'];
  if (status.interrupted !== null) return ['danger', 'run.interrupted'];
  if (status.problems > 0) return ['warning', 'run.problems'];
  return status.started_at === null ? ['default', 'run.never'] : ['success', 'run.good'];
}

function Progress({ status }: { status: ObjectStatus }) {
  const { texts } = usePage();
  const { pages, pages_done } = status;
  return (
    <ProgressBar
      title={texts.t('run.progress')}
      value={pages === null ? 0 : pages_done}
      maxValue={Math.max(pages ?? 1, 1)}
      showPercentage={pages !== null}
      valueDescription={
        pages === null
          ? texts.t('run.reading')
          : texts.t('run.pages', { done: texts.number(pages_done), total: texts.number(pages) })
      }
      testId="progress"
    />
  );
}

function Facts({ status }: { status: ObjectStatus }) {
  const { texts } = usePage();
  const moment = (iso: string | null) => (iso === null ? '–' : texts.moment(iso));
  const { verification } = status;
  return (
    <DescriptionList direction="row">
      <DescriptionListItem label={texts.t('run.last')}>
        <Text>{moment(status.finished_at ?? status.started_at)}</Text>
      </DescriptionListItem>
      <DescriptionListItem label={texts.t('run.next')}>
        <Text>{moment(status.next_run_at)}</Text>
      </DescriptionListItem>
      <DescriptionListItem label={texts.t('run.fresh')}>
        <Text>{moment(status.fresh_as_of)}</Text>
      </DescriptionListItem>
      <DescriptionListItem label={texts.t('run.counts')}>
        <Text>{counted(texts, status.counts)}</Text>
      </DescriptionListItem>
      {status.line_items.source > 0 && (
        <DescriptionListItem label={texts.t('run.rows')}>
          <Text>{counted(texts, status.line_items)}</Text>
        </DescriptionListItem>
      )}
      <DescriptionListItem label={texts.t('run.problemCount')}>
        <Text>{texts.number(status.problems)}</Text>
      </DescriptionListItem>
      {verification !== null && (
        <DescriptionListItem label={texts.t('run.verified')}>
          <Text>
            {texts.t('run.verification', {
              at: moment(verification.finished_at ?? verification.started_at),
              compared: texts.number(verification.compared),
              imported: texts.number(verification.imported),
              rewritten: texts.number(verification.rewritten),
              missing: texts.number(verification.missing),
            })}
          </Text>
        </DescriptionListItem>
      )}
    </DescriptionList>
  );
}

/** "200 in Kleer: 3 created, 197 unchanged"; what there is none of is left out. */
function counted(texts: Texts, counts: CountsView): string {
  const { source, ...rest } = counts;
  const parts = Object.entries(rest)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${texts.number(count)} ${texts.maybe(`count.${name}`) ?? name}`);
  const inKleer = texts.t('count.source', { count: texts.number(source) });
  return parts.length === 0 ? inKleer : `${inKleer}: ${parts.join(', ')}`;
}

function Actions({ status, reload }: TypeStatusProps) {
  const { texts, tell } = usePage();
  const sync = useDo('sync-now');
  const resync = useDo('resync');
  const preview = usePreview(status.object);
  const { object } = status;
  const start = async () => {
    if ((await sync.run({ object })).ok) {
      tell(texts.t('status.syncBegan'));
      reload();
    }
  };
  const again = async () => {
    const answer = await resync.run({ object });
    if (answer.ok) {
      tell(texts.t('resync.began'));
      reload();
    }
    return answer.ok;
  };
  return (
    <Flex direction="column" gap="small">
      <Flex gap="small" wrap>
        <LoadingButton size="small" variant="secondary" loading={sync.busy} onClick={() => void start()} testId={`sync-${object}`}>
          {texts.t('status.syncNow')}
        </LoadingButton>
        <ConfirmButton
          id={`resync-${object}`}
          label={texts.t('resync.label')}
          title={texts.t('resync.title', { type: texts.t(`types.${object}`) })}
          explanation={texts.t('resync.text')}
          deed={texts.t('resync.label')}
          size="sm"
          busy={resync.busy}
          refusal={resync.refusal}
          onConfirm={again}
          onOpen={resync.forget}
        />
        <PreviewButton object={object} preview={preview} />
      </Flex>
      <Refused refusal={sync.refusal} />
      <PreviewTold preview={preview} />
    </Flex>
  );
}

/** Counting all records is some work, so it is done for whoever wants to see it. */
function ByState({ object }: { object: ObjectName }) {
  const { texts } = usePage();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Accordion title={texts.t('states.title')} size="sm" open={isOpen} onClick={() => setIsOpen(!isOpen)}>
      {isOpen ? <Counts object={object} /> : <Text>{' '}</Text>}
    </Accordion>
  );
}

function Counts({ object }: { object: ObjectName }) {
  const { texts } = usePage();
  const asked = useAsk('states', { object });
  return (
    <Awaited asked={asked} label={texts.t('states.loading')}>
      {({ states }) =>
        Object.keys(states).length === 0 ? (
          <Text>{texts.t('states.none')}</Text>
        ) : (
          <DescriptionList direction="row">
            {Object.entries(states).map(([state, count]) => (
              <DescriptionListItem key={state} label={texts.maybe(`state.${state}`) ?? state}>
                <Text>{texts.number(count)}</Text>
              </DescriptionListItem>
            ))}
          </DescriptionList>
        )
      }
    </Awaited>
  );
}
