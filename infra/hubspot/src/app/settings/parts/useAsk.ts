// Asking when a part appears, and asking because somebody pressed something.

import { useCallback, useEffect, useRef, useState } from 'react';

import type { Answer, Refusal } from '../api/client.ts';
import type { Answered, Name, Request } from '../api/operations.ts';
import { usePage } from './page.tsx';

export interface Asked<T> {
  data: T | null;
  refusal: Refusal | null;
  loading: boolean;
  /** Asks again; what is shown stays until the answer is there. */
  reload(): void;
  /** What the backend said besides, such as the answer to a save. */
  replace(data: T): void;
}

interface State<T> {
  data: T | null;
  refusal: Refusal | null;
  /** The question that this is the answer to. */
  answered: string | null;
}

/**
 * The answer to a question that is asked as soon as it is known; null asks nothing. Of two answers that come in the wrong order
 * the one to the later question stands.
 */
export function useAsk<N extends Name>(operation: N, request: Request<N> | null): Asked<Answered<N>> {
  const { client } = usePage();
  const question = request === null ? null : JSON.stringify(request);
  const latest = useRef(0);
  const [state, setState] = useState<State<Answered<N>>>({ data: null, refusal: null, answered: null });
  const [isAgain, setAgain] = useState(false);

  const ask = useCallback(() => {
    if (question === null) return;
    latest.current += 1;
    const mine = latest.current;
    void client.ask(operation, JSON.parse(question) as Request<N>).then((answer) => {
      if (mine !== latest.current) return;
      setAgain(false);
      setState((before) =>
        answer.ok
          ? { data: answer.data, refusal: null, answered: question }
          : { data: before.data, refusal: answer, answered: question },
      );
    });
  }, [client, operation, question]);

  const reload = useCallback(() => {
    setAgain(true);
    ask();
  }, [ask]);

  const replace = useCallback(
    (data: Answered<N>) => {
      latest.current += 1;
      setAgain(false);
      setState({ data, refusal: null, answered: question });
    },
    [question],
  );

  useEffect(() => {
    ask();
    return () => {
      // An answer to somebody who has gone is no answer.
      latest.current += 1;
    };
  }, [ask]);

  const { data, refusal, answered } = state;
  return { data, refusal, loading: isAgain || answered !== question, reload, replace };
}

export interface Doing<N extends Name> {
  busy: boolean;
  refusal: Refusal | null;
  run(request: Request<N>): Promise<Answer<Answered<N>>>;
  forget(): void;
}

/** Something that a person starts. One at a time: while it goes on, `busy` is true. */
export function useDo<N extends Name>(operation: N): Doing<N> {
  const { client } = usePage();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const run = useCallback(
    async (request: Request<N>) => {
      setBusy(true);
      setRefusal(null);
      const answer = await client.ask(operation, request);
      setBusy(false);
      setRefusal(answer.ok ? null : answer);
      return answer;
    },
    [client, operation],
  );
  const forget = useCallback(() => setRefusal(null), []);
  return { busy, refusal, run, forget };
}

/** Does something every so often while it is wanted. */
export function useEvery(milliseconds: number, wanted: boolean, what: () => void): void {
  const latest = useRef(what);
  useEffect(() => {
    latest.current = what;
  });
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => latest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, wanted]);
}
