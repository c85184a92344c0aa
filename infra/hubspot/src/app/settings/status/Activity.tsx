// What happened lately, of one kind or all: conflicts, imports, what workflows and people did.

import {
  Button,
  EmptyState,
  Flex,
  Heading,
  Select,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Tag,
  Text,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { ActivityLine } from '../api/types.ts';
import { Awaited } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useAsk } from '../parts/useAsk.ts';

const ROWS = 25;
const ALL = '';
/** What the list can be cut to, in the order in which people look for it. */
const KINDS = [
  'conflict',
  'imported',
  'put_back',
  'replaced_at_first_contact',
  'created_in_kleer',
  'not_created_in_kleer',
  'merged',
  'deleted_in_hubspot',
  'restored',
  'action',
  'action_failed',
  'settings_changed',
  'connected',
  'disconnected',
] as const;

export function Activity() {
  const { texts } = usePage();
  // Where each page begins; the last one is shown.
  const [places, setPlaces] = useState<(string | null)[]>([null]);
  const [kind, setKind] = useState(ALL);
  const asked = useAsk('activity', { limit: ROWS, before: places.at(-1) ?? null, kind: kind === ALL ? null : kind });
  const choose = (value: string) => {
    setKind(value);
    setPlaces([null]);
  };
  return (
    <Flex direction="column" gap="small">
      <Flex justify="between" align="end" gap="medium" wrap>
        <Heading>{texts.t('activity.title')}</Heading>
        <Select
          name="activity-kind"
          label={texts.t('activity.show')}
          value={kind}
          options={[
            { value: ALL, label: texts.t('activity.all') },
            ...KINDS.map((one) => ({ value: one, label: texts.t(`kind.${one}`) })),
          ]}
          onChange={(value) => choose(String(value))}
        />
      </Flex>
      <Awaited asked={asked} label={texts.t('activity.loading')}>
        {({ lines, before }) => (
          <>
            <Lines lines={lines} isMore={before !== null} />
            {(places.length > 1 || before !== null) && (
              <Flex gap="small" justify="end">
                <Button
                  variant="secondary"
                  size="small"
                  disabled={places.length === 1}
                  onClick={() => setPlaces(places.slice(0, -1))}
                >
                  {texts.t('page.newer')}
                </Button>
                <Button variant="secondary" size="small" disabled={before === null} onClick={() => setPlaces([...places, before])}>
                  {texts.t('page.older')}
                </Button>
              </Flex>
            )}
          </>
        )}
      </Awaited>
    </Flex>
  );
}

function Lines({ lines, isMore }: { lines: ActivityLine[]; isMore: boolean }) {
  const { texts } = usePage();
  // After a long stretch of other kinds the backend stops looking, and says where to go on.
  if (lines.length === 0 && isMore) return <Text>{texts.t('activity.older')}</Text>;
  if (lines.length === 0) {
    return (
      <EmptyState title={texts.t('activity.none')} layout="vertical">
        <Text>{texts.t('activity.noneText')}</Text>
      </EmptyState>
    );
  }
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{texts.t('activity.when')}</TableHeader>
          <TableHeader>{texts.t('activity.what')}</TableHeader>
          <TableHeader>{texts.t('activity.record')}</TableHeader>
          <TableHeader>{texts.t('activity.message')}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {lines.map((line, place) => (
          <TableRow key={`${line.at}-${place}`}>
            <TableCell>{texts.moment(line.at)}</TableCell>
            <TableCell>
              <Tag inline variant={line.kind === 'conflict' || line.kind === 'action_failed' ? 'warning' : 'default'}>
                {texts.maybe(`kind.${line.kind}`) ?? line.kind}
              </Tag>
            </TableCell>
            <TableCell>
              <Text>{line.object === null ? '–' : `${texts.t(`types.${line.object}`)} ${line.kleer_id ?? line.hubspot_id ?? ''}`}</Text>
            </TableCell>
            <TableCell>
              <Text>{texts.say(line.message, line.message_sv)}</Text>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
