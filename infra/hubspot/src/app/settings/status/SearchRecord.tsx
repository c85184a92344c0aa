// Where any record stands, by its id in Kleer or in HubSpot.

import {
  Flex,
  Form,
  Heading,
  Input,
  Link,
  LoadingButton,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

import type { FoundRecord } from '../api/types.ts';
import { Refused } from '../parts/answers.tsx';
import { usePage } from '../parts/page.tsx';
import { useDo } from '../parts/useAsk.ts';
import { remedy } from './words.ts';

export function SearchRecord() {
  const { texts } = usePage();
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<{ id: string; records: FoundRecord[] } | null>(null);
  const find = useDo('find');
  const wrong = typed.trim() === '' || /^\d+$/.test(typed.trim()) ? null : texts.t('find.number');
  const submit = async () => {
    const id = typed.trim();
    if (id === '' || wrong !== null) return;
    const answer = await find.run({ id });
    setFound(answer.ok ? { id, records: answer.data.records } : null);
  };
  return (
    <Flex direction="column" gap="small">
      <Heading>{texts.t('find.title')}</Heading>
      <Form onSubmit={() => void submit()}>
        <Flex gap="small" align="end" wrap>
          <Input
            name="record-id"
            label={texts.t('find.id')}
            description={texts.t('find.text')}
            value={typed}
            onInput={setTyped}
            onChange={setTyped}
            error={wrong !== null}
            {...(wrong === null ? {} : { validationMessage: wrong })}
          />
          <LoadingButton type="submit" variant="secondary" loading={find.busy}>
            {texts.t('find.search')}
          </LoadingButton>
        </Flex>
      </Form>
      <Refused refusal={find.refusal} />
      {found && (found.records.length === 0 ? <Text>{texts.t('find.none', { id: found.id })}</Text> : <Results of={found.records} />)}
    </Flex>
  );
}

function Results({ of }: { of: FoundRecord[] }) {
  const { texts } = usePage();
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{texts.t('find.type')}</TableHeader>
          <TableHeader>Kleer</TableHeader>
          <TableHeader>HubSpot</TableHeader>
          <TableHeader>{texts.t('find.state')}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {of.map((record) => (
          <TableRow key={`${record.object}-${record.kleer_id}`}>
            <TableCell>{texts.t(`types.${record.object}`)}</TableCell>
            <TableCell>{String(record.kleer_id)}</TableCell>
            <TableCell>
              {record.link === null ? (
                (record.hubspot_id ?? '–')
              ) : (
                <Link href={{ url: record.link, external: true }}>{record.hubspot_id ?? ''}</Link>
              )}
            </TableCell>
            <TableCell>
              <Text>{texts.maybe(`state.${record.state}`) ?? record.state}</Text>
              {record.problem !== null && (
                <>
                  <Text variant="microcopy">{texts.say(record.problem.message, record.problem.message_sv)}</Text>
                  <Text variant="microcopy">{remedy(texts, record.problem)}</Text>
                </>
              )}
              {record.retry_at !== null && (
                <Text variant="microcopy">{texts.t('problems.retryAt', { at: texts.moment(record.retry_at) })}</Text>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
