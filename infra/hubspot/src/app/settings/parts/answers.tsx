// What is shown while an answer is awaited, and when there is none.

import { Alert, Button, ErrorState, Flex, LoadingSpinner, Text } from '@hubspot/ui-extensions';
import type { ReactNode } from 'react';

import type { Refusal } from '../api/client.ts';
import { explain, usePage } from './page.tsx';
import type { Asked } from './useAsk.ts';

interface AwaitedProps<T> {
  asked: Asked<T>;
  /** What is awaited, for screen readers too. */
  label: string;
  children: (data: T) => ReactNode;
}

/** What was asked for, once it is there. An answer that was there before stays while it is asked for again. */
export function Awaited<T>({ asked, label, children }: AwaitedProps<T>) {
  if (asked.data !== null) {
    return (
      <>
        {asked.refusal && <Failure refusal={asked.refusal} retry={asked.reload} />}
        {children(asked.data)}
      </>
    );
  }
  if (asked.refusal) return <Missing refusal={asked.refusal} retry={asked.reload} />;
  return <LoadingSpinner label={label} showLabel layout="centered" />;
}

function Missing({ refusal, retry }: { refusal: Refusal; retry: () => void }) {
  const { texts } = usePage();
  return (
    <ErrorState title={texts.t('answers.missing')} testId="missing">
      <Text>{explain(texts, refusal)}</Text>
      <Button onClick={retry}>{texts.t('answers.again')}</Button>
    </ErrorState>
  );
}

function Failure({ refusal, retry }: { refusal: Refusal; retry: () => void }) {
  const { texts } = usePage();
  return (
    <Alert title={texts.t('answers.old')} variant="warning" testId="old">
      <Flex direction="column" gap="small" align="start">
        <Text>{explain(texts, refusal)}</Text>
        <Button size="small" onClick={retry}>
          {texts.t('answers.again')}
        </Button>
      </Flex>
    </Alert>
  );
}

/** Why something was not done. Nothing where nothing was refused. */
export function Refused({ refusal, children }: { refusal: Refusal | null; children?: ReactNode }) {
  const { texts } = usePage();
  if (!refusal) return null;
  return (
    <Alert title={texts.t('answers.notDone')} variant="error" testId="refused">
      <Flex direction="column" gap="small" align="start">
        <Text>{explain(texts, refusal)}</Text>
        {children}
      </Flex>
    </Alert>
  );
}
