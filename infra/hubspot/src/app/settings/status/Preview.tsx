// What a run would do, told before anything is written.

import {
  Alert,
  Flex,
  Link,
  LoadingButton,
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

import type { ObjectName, Preview, PreviewCounts, Sample } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';
import { problemTitle } from './words.ts';

interface PreviewPartProps {
  object: ObjectName;
  /** The type was not switched on yet: what would its first run do? */
  isFirst: boolean;
}

export function PreviewPart({ object, isFirst }: PreviewPartProps) {
  const { texts } = usePage();
  const preview = useDo('preview');
  const [told, setTold] = useState<Preview | null>(null);
  const ask = async () => {
    const answer = await preview.run({ object });
    setTold(answer.ok ? answer.data : null);
  };
  return (
    <Flex direction="column" gap="small" align="start">
      {isFirst && <Text>{texts.t('preview.first')}</Text>}
      <LoadingButton size="small" variant="secondary" loading={preview.busy} onClick={() => void ask()} testId={`preview-${object}`}>
        {texts.t('preview.label')}
      </LoadingButton>
      {preview.busy && <Text variant="microcopy">{texts.t('preview.reading')}</Text>}
      <Refused refusal={preview.refusal} />
      {told && <Told preview={told} />}
    </Flex>
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
            <Text key={place}>{`${problem.kleer_id ?? '?'}: ${problemTitle(texts, problem)}. ${problem.message}`}</Text>
          ))}
        </Alert>
      )}
    </Flex>
  );
}

function Samples({ samples }: { samples: Sample[] }) {
  const { texts } = usePage();
  const changes = samples.flatMap((sample) =>
    sample.properties.map((change, place) => ({ sample, change, isFirst: place === 0 })),
  );
  return (
    <Table bordered density="compact">
      <TableHead>
        <TableRow>
          <TableHeader>{texts.t('preview.record')}</TableHeader>
          <TableHeader>{texts.t('mappings.property')}</TableHeader>
          <TableHeader>{texts.t('preview.before')}</TableHeader>
          <TableHeader>{texts.t('preview.after')}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {changes.map(({ sample, change, isFirst }) => (
          <TableRow key={`${sample.kleer_id}-${change.property}`}>
            <TableCell>{isFirst ? <SampleName sample={sample} /> : ' '}</TableCell>
            <TableCell>{change.property}</TableCell>
            <TableCell>{change.before === '' ? '–' : change.before}</TableCell>
            <TableCell>{change.after === '' ? '–' : change.after}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function SampleName({ sample }: { sample: Sample }) {
  const { texts } = usePage();
  const rows = sample.rows > 0 ? `, ${texts.t('preview.rows', { count: sample.rows })}` : '';
  const name = `${texts.maybe(`preview.${sample.kind}`) ?? sample.kind}: ${sample.kleer_id}${rows}`;
  return sample.link === null ? <Text>{name}</Text> : <Link href={{ url: sample.link, external: true }}>{name}</Link>;
}
