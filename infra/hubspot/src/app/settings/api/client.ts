// The one way to ask our backend. `hubspot.fetch` signs the request and says whose it is; what can be expected to go wrong is
// answered with 200 and a code (contract hubspot-platform §2.3). Nothing is thrown: whoever asks gets an answer or a refusal.

import { hubspot } from '@hubspot/ui-extensions';

import type { Answered, Name, Request } from './operations.ts';
import type { Code } from './types.ts';

/** Refusals that the page itself notices, besides those of the API. */
export type OwnCode = 'unreachable' | 'session_expired' | 'unreadable';

export interface Refusal {
  ok: false;
  code: Code | OwnCode;
  /** A sentence, English. */
  message: string;
  /** The same in Swedish, where the backend knows it. */
  message_sv?: string | null;
  details?: unknown;
}

export type Answer<T> = { ok: true; data: T } | Refusal;

export interface Client {
  ask<N extends Name>(operation: N, request: Request<N>): Promise<Answer<Answered<N>>>;
}

/** HubSpot is asked for some answers, and may take its time; what takes longer is a job (see `Preview.tsx`). */
const TIMEOUT_MS = 28_000;

export function createClient(baseUrl: string): Client {
  async function once<N extends Name>(operation: N, request: Request<N>): Promise<Answer<Answered<N>>> {
    let response: Response;
    try {
      response = await hubspot.fetch(`${baseUrl}/settings/${operation}`, {
        method: 'POST',
        timeout: TIMEOUT_MS,
        // No two requests are alike, so that nobody can send a copy of one.
        body: { ...request, request: unlike() },
      });
    } catch (error) {
      return refused('unreachable', String(error));
    }
    if (response.status === 401 || response.status === 403) return refused('session_expired', `status ${response.status}`);
    if (!response.ok) return refused('unreachable', `status ${response.status}`);
    try {
      const answer: unknown = await response.json();
      return isAnswer<Answered<N>>(answer) ? answer : refused('unreadable', 'the answer has another shape');
    } catch (error) {
      return refused('unreadable', String(error));
    }
  }

  return {
    async ask(operation, request) {
      const answer = await once(operation, request);
      // HubSpot sent the request twice and we saw the second answer. Asking anew changes nothing more and tells what came of it.
      if (!answer.ok && answer.code === 'replayed') return once(operation, request);
      return answer;
    },
  };
}

let count = 0;

function unlike(): string {
  count += 1;
  return `${Date.now().toString(36)}-${count}-${Math.random().toString(36).slice(2)}`;
}

function refused(code: OwnCode, message: string): Refusal {
  return { ok: false, code, message };
}

function isAnswer<T>(value: unknown): value is Answer<T> {
  if (typeof value !== 'object' || value === null || !('ok' in value)) return false;
  return value.ok === true ? 'data' in value : 'code' in value && typeof value.code === 'string';
}
