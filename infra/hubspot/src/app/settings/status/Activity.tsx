// What happened lately, conflicts among it.

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

export function Activity() {
  const { texts } = usePage();
  // Where each page begins; the last one is shown.
  const [places, setPlaces] = useState<(string | null)[]>([null]);
  const [isConflicts, setIsConflicts] = useState(false);
  const asked = useAsk('activity', { limit: isConflicts ? 100 : ROWS, before: places.at(-1) ?? null });
  const choose = (value: boolean) => {
    setIsConflicts(value);
    setPlaces([null]);
  };
  return (
    <Flex direction="column" gap="small">
      <Flex justify="between" align="end" gap="medium" wrap>
        <Heading>{texts.t('activity.title')}</Heading>
        <Select
          name="activity-kind"
          label={texts.t('activity.show')}
          value={isConflicts}
          options={[
            { value: false, label: texts.t('activity.all') },
            { value: true, label: texts.t('activity.conflicts') },
          ]}
          onChange={(value) => choose(value === true)}
        />
      </Flex>
      <Awaited asked={asked} label={texts.t('activity.loading')}>
        {({ lines, before }) => (
          <>
            <Lines lines={isConflicts ? lines.filter((line) => line.kind === 'conflict') : lines} />
            <Flex gap="small" justify="end">
              <Button variant="secondary" size="small" disabled={places.length === 1} onClick={() => setPlaces(places.slice(0, -1))}>
                {texts.t('page.newer')}
              </Button>
              <Button variant="secondary" size="small" disabled={before === null} onClick={() => setPlaces([...places, before])}>
                {texts.t('page.older')}
              </Button>
            </Flex>
          </>
        )}
      </Awaited>
    </Flex>
  );
}

function Lines({ lines }: { lines: ActivityLine[] }) {
  const { texts } = usePage();
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
              <Text>{line.message}</Text>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
