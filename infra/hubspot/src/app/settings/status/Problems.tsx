// Problems of records, page by page: what is wrong, what to do, and trying again. There may be thousands.

import {
  Button,
  EmptyState,
  Flex,
  Heading,
  Link,
  LoadingButton,
  Select,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { ObjectName, ProblemView } from '../api/types.ts';
import { Awaited, Refused } from '../parts/answers.tsx';
import { ConfirmButton } from '../parts/ConfirmButton.tsx';
import { ReadMore } from '../parts/ReadMore.tsx';
import { usePage } from '../parts/page.tsx';
import { useAsk, useDo, useEvery } from '../parts/useAsk.ts';
import { ChooseRecord } from './ChooseRecord.tsx';
import { problemTitle, remedy } from './words.ts';

const ROWS = 25;
/** What was tried again is seen to be well after this long. */
const LOOK_MS = 10_000;
const ALL = '';
const TYPES: readonly ObjectName[] = ['client', 'invoice', 'agreement', 'product', 'project'];

interface ProblemsProps {
  /** How many each type has. */
  counts: readonly { object: ObjectName; problems: number }[];
}

export function Problems({ counts }: ProblemsProps) {
  const { texts, tell } = usePage();
  const [object, setObject] = useState<ObjectName | null>(null);
  // Where each page begins; the last one is shown.
  const [places, setPlaces] = useState<(string | null)[]>([null]);
  const asked = useAsk('problems', { object, limit: ROWS, after: places.at(-1) ?? null });
  const retryAll = useDo('retry-all');
  useEvery(LOOK_MS, true, asked.reload);
  const total = counts.filter((one) => object === null || one.object === object).reduce((sum, one) => sum + one.problems, 0);
  const first = (places.length - 1) * ROWS;
  const choose = (value: string) => {
    setObject(value === ALL ? null : (value as ObjectName));
    setPlaces([null]);
  };
  const tryAll = async () => {
    if ((await retryAll.run({ object })).ok) {
      tell(texts.t('problems.allBegan'));
      asked.reload();
    }
  };
  return (
    <Flex direction="column" gap="small">
      <Flex justify="between" align="end" gap="medium" wrap>
        <Flex direction="column" gap="extra-small">
          <Heading>{texts.t('problems.title')}</Heading>
          <ReadMore about="problems" />
        </Flex>
        <Flex gap="small" align="end">
          <Select
            name="problems-of"
            label={texts.t('problems.of')}
            value={object ?? ALL}
            options={[
              { value: ALL, label: texts.t('problems.allTypes') },
              ...TYPES.map((type) => ({ value: type, label: texts.t(`types.${type}`) })),
            ]}
            onChange={(value) => choose(String(value))}
          />
          <LoadingButton
            variant="secondary"
            loading={retryAll.busy}
            disabled={(asked.data?.problems.length ?? 0) === 0}
            onClick={() => void tryAll()}
            testId="retry-all"
          >
            {texts.t('problems.retryAll')}
          </LoadingButton>
        </Flex>
      </Flex>
      <Refused refusal={retryAll.refusal} />
      <Awaited asked={asked} label={texts.t('problems.loading')}>
        {({ problems, after }) => (
          <>
            {problems.length === 0 ? (
              <EmptyState title={texts.t('problems.none')} layout="vertical">
                <Text>{texts.t('problems.noneText')}</Text>
              </EmptyState>
            ) : (
              <List problems={problems} reload={asked.reload} />
            )}
            {(places.length > 1 || after !== null) && (
              <Flex gap="small" justify="end" align="center" wrap>
                <Text variant="microcopy" testId="problems-shown">
                  {texts.t('problems.shown', {
                    first: texts.number(first + 1),
                    last: texts.number(first + problems.length),
                    total: texts.number(Math.max(total, first + problems.length)),
                  })}
                </Text>
                <Button
                  variant="secondary"
                  size="small"
                  disabled={places.length === 1}
                  onClick={() => setPlaces(places.slice(0, -1))}
                >
                  {texts.t('page.before')}
                </Button>
                <Button
                  variant="secondary"
                  size="small"
                  disabled={after === null}
                  onClick={() => setPlaces([...places, after])}
                  testId="problems-next"
                >
                  {texts.t('page.next')}
                </Button>
              </Flex>
            )}
          </>
        )}
      </Awaited>
    </Flex>
  );
}

function List({ problems, reload }: { problems: ProblemView[]; reload: () => void }) {
  const { texts } = usePage();
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{texts.t('problems.record')}</TableHeader>
          <TableHeader>{texts.t('problems.what')}</TableHeader>
          <TableHeader>{texts.t('problems.todo')}</TableHeader>
          <TableHeader>{texts.t('problems.mend')}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {problems.map((problem, place) => (
          <Row key={`${problem.object}-${problem.kleer_id ?? `unread-${place}`}`} problem={problem} reload={reload} />
        ))}
      </TableBody>
    </Table>
  );
}

function Row({ problem, reload }: { problem: ProblemView; reload: () => void }) {
  const { texts } = usePage();
  const side = texts.maybe(`side.${problem.side}`);
  return (
    <TableRow>
      <TableCell>
        <Text format={{ fontWeight: 'demibold' }}>{texts.t(`types.${problem.object}`)}</Text>
        <Text variant="microcopy">{texts.t('problems.kleerId', { id: String(problem.kleer_id ?? '?') })}</Text>
        {problem.link !== null && (
          <Link href={{ url: problem.link, external: true }}>
            {texts.t('problems.inHubspot', { id: problem.hubspot_id ?? '' })}
          </Link>
        )}
      </TableCell>
      <TableCell>
        <Text format={{ fontWeight: 'demibold' }}>{problemTitle(texts, problem)}</Text>
        <Text>{texts.say(problem.message, problem.message_sv)}</Text>
      </TableCell>
      <TableCell>
        <Text>{remedy(texts, problem)}</Text>
        {side !== null && <Text variant="microcopy">{side}</Text>}
        {problem.retry_at !== null && (
          <Text variant="microcopy">{texts.t('problems.retryAt', { at: texts.moment(problem.retry_at) })}</Text>
        )}
      </TableCell>
      <TableCell>
        <Mend problem={problem} reload={reload} />
      </TableCell>
    </TableRow>
  );
}

function Mend({ problem, reload }: { problem: ProblemView; reload: () => void }) {
  const { texts, tell } = usePage();
  const retry = useDo('retry');
  const recreate = useDo('recreate');
  const [isTried, setTried] = useState(false);
  if (problem.kleer_id === null) return <Text>–</Text>;
  const record = { object: problem.object, kleer_id: problem.kleer_id };
  const begun = () => {
    setTried(true);
    tell(texts.t('problems.began'));
    reload();
  };
  const tryAgain = async () => {
    if ((await retry.run(record)).ok) begun();
  };
  const again = async () => {
    const answer = await recreate.run(record);
    if (answer.ok) begun();
    return answer.ok;
  };
  return (
    <Flex direction="column" gap="extra-small" align="start">
      {problem.can_retry && (
        <LoadingButton
          size="xs"
          variant="secondary"
          loading={retry.busy}
          onClick={() => void tryAgain()}
          testId={`retry-${problem.kleer_id}`}
        >
          {texts.t('problems.retry')}
        </LoadingButton>
      )}
      {problem.can_recreate && (
        <ConfirmButton
          id={`recreate-${problem.object}-${problem.kleer_id}`}
          label={texts.t('recreate.label')}
          title={texts.t('recreate.title')}
          explanation={texts.t('recreate.text')}
          deed={texts.t('recreate.label')}
          size="xs"
          busy={recreate.busy}
          refusal={recreate.refusal}
          onConfirm={again}
          onOpen={recreate.forget}
        />
      )}
      {problem.can_choose && <ChooseRecord record={record} onChosen={begun} />}
      {isTried && <Text variant="microcopy">{texts.t('problems.tried')}</Text>}
      <Refused refusal={retry.refusal} />
    </Flex>
  );
}
