// What a run would do, told before anything is written.

import {
  Accordion,
  Alert,
  Flex,
  Link,
  LoadingButton,
  ProgressBar,
  Statistics,
  StatisticsItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { Refusal } from '../api/client.ts';
import type { ObjectName, Preview, PreviewCounts, PreviewState, Sample } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useAsk, useDo, useEvery } from '../parts/useAsk.ts';
import { problemTitle } from './words.ts';

/** What a record is called by, by its HubSpot object. */
const NAMES: readonly string[] = ['name', 'hs_name', 'hs_number'];
/** How often it is asked how far a preview is. */
const LOOK_MS = 1_000;

export interface Previewing {
  /** Being made, as far as is known. */
  busy: boolean;
  state: PreviewState | null;
  refusal: Refusal | null;
  begin(): void;
}

/**
 * A preview of a type. Reading a whole company takes longer than an answer may, so the backend makes it by itself and is asked how
 * far it is; one that goes on when the page is opened is shown again.
 */
export function usePreview(object: ObjectName): Previewing {
  const begin = useDo('preview');
  const [isWanted, setWanted] = useState(false);
  const asked = useAsk('preview-state', isWanted ? { object } : null);
  const state = asked.data;
  const isGoing = isWanted && (state === null || state.stage === 'waiting' || state.stage === 'reading');
  useEvery(LOOK_MS, isGoing && !begin.busy, asked.reload);
  const start = async () => {
    setWanted(false);
    const answer = await begin.run({ object });
    if (!answer.ok) return;
    asked.replace(answer.data);
    setWanted(true);
  };
  return {
    busy: begin.busy || isGoing,
    state: isWanted ? state : null,
    // Of a preview that goes on, an answer that was lost on its way says nothing.
    refusal: begin.refusal ?? (isGoing ? null : asked.refusal),
    begin: () => void start(),
  };
}

interface PreviewPartProps {
  object: ObjectName;
  /** The type was not switched on yet: what would its first run do? */
  isFirst: boolean;
}

export function PreviewPart({ object, isFirst }: PreviewPartProps) {
  const { texts } = usePage();
  const preview = usePreview(object);
  return (
    <Flex direction="column" gap="small">
      {isFirst && <Text>{texts.t('preview.first')}</Text>}
      <PreviewButton object={object} preview={preview} />
      <PreviewTold preview={preview} />
    </Flex>
  );
}

export function PreviewButton({ object, preview }: { object: ObjectName; preview: Previewing }) {
  const { texts } = usePage();
  return (
    <LoadingButton size="small" variant="secondary" loading={preview.busy} onClick={preview.begin} testId={`preview-${object}`}>
      {texts.t('preview.label')}
    </LoadingButton>
  );
}

/** How far it is, then what it found out. */
export function PreviewTold({ preview }: { preview: Previewing }) {
  const { busy, state, refusal } = preview;
  const stopped: Refusal | null = state?.refusal ? { ok: false, ...state.refusal } : null;
  return (
    <>
      {busy && <Reading state={state} />}
      <Refused refusal={refusal ?? (busy ? null : stopped)} />
      {!busy && state?.preview && <Told preview={state.preview} />}
    </>
  );
}

function Reading({ state }: { state: PreviewState | null }) {
  const { texts } = usePage();
  const { read, of } = state ?? { read: 0, of: null };
  const isReading = state?.stage === 'reading';
  const known = of === null ? texts.t('preview.read', { read: texts.number(read) }) : null;
  return (
    <ProgressBar
      title={texts.t(isReading ? 'preview.reading' : 'preview.begins')}
      value={of === null ? 0 : read}
      maxValue={Math.max(of ?? 1, 1)}
      showPercentage={of !== null}
      valueDescription={
        !isReading || read === 0 ? '' : (known ?? texts.t('preview.readOf', { read: texts.number(read), of: texts.number(of ?? 0) }))
      }
      testId="preview-progress"
    />
  );
}

const COUNTS = [
  'create',
  'link',
  'update',
  'deactivate',
  'unchanged',
  'waiting',
  'excluded',
  'doubtful',
  'deleted_in_hubspot',
  'failed',
] as const satisfies readonly (keyof PreviewCounts)[];
/** Said even where there are none. */
const ALWAYS: readonly string[] = ['create', 'link', 'update'];

function Told({ preview }: { preview: Preview }) {
  const { texts } = usePage();
  const { counts, samples, problems } = preview;
  const shown = COUNTS.filter((name) => counts[name] > 0 || ALWAYS.includes(name));
  return (
    <Flex direction="column" gap="small">
      <Text>{texts.t('preview.nothingWritten', { count: texts.number(counts.source) })}</Text>
      <Statistics>
        {shown.map((name) => (
          <StatisticsItem key={name} label={texts.t(`preview.${name}`)} number={texts.number(counts[name])} />
        ))}
      </Statistics>
      {samples.length > 0 && <Samples samples={samples} />}
      {problems.length > 0 && (
        <Alert title={texts.t('preview.problems')} variant="warning">
          {problems.map((problem, place) => (
            <Text key={place}>{`${problem.kleer_id ?? '?'}: ${problemTitle(texts, problem)}. ${texts.say(problem.message, problem.message_sv)}`}</Text>
          ))}
        </Alert>
      )}
    </Flex>
  );
}

function Samples({ samples }: { samples: Sample[] }) {
  return (
    <Flex direction="column" gap="extra-small">
      {samples.map((sample, place) => (
        <OneSample key={`${sample.kind}-${sample.kleer_id}`} sample={sample} isFirst={place === 0} />
      ))}
    </Flex>
  );
}

/** A record that would be written: what HubSpot says now, and what it would say. */
function OneSample({ sample, isFirst }: { sample: Sample; isFirst: boolean }) {
  const { texts } = usePage();
  const kind = texts.maybe(`preview.${sample.kind}`) ?? sample.kind;
  const name = sample.properties.find((one) => NAMES.includes(one.property))?.after ?? '';
  const rows = sample.rows > 0 ? texts.t('preview.rows', { count: sample.rows }) : '';
  const title = [`${kind}: ${sample.kleer_id}`, name, rows].filter((part) => part !== '').join(' · ');
  return (
    <Accordion title={title} size="sm" defaultOpen={isFirst}>
      {sample.link !== null && <Link href={{ url: sample.link, external: true }}>{texts.t('preview.open')}</Link>}
      <Table bordered density="compact">
        <TableHead>
          <TableRow>
            <TableHeader>{texts.t('mappings.property')}</TableHeader>
            <TableHeader>{texts.t('preview.before')}</TableHeader>
            <TableHeader>{texts.t('preview.after')}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {sample.properties.map((change) => (
            <TableRow key={change.property}>
              <TableCell>{change.property}</TableCell>
              <TableCell>{change.before === '' ? '–' : change.before}</TableCell>
              <TableCell>{change.after === '' ? '–' : change.after}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Accordion>
  );
}
