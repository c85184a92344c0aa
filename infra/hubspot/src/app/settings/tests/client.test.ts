import { hubspot } from '@hubspot/ui-extensions';
import { afterEach, expect, test, vi } from 'vitest';

import { createClient } from '../api/client.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

function answering(...answers: (() => Response)[]) {
  const fetch = vi.spyOn(hubspot, 'fetch');
  for (const answer of answers) fetch.mockImplementationOnce(async () => answer());
  return fetch;
}

const client = createClient('https://hubspot.example.com');

test('a question is a POST with a body that no other question has', async () => {
  const fetch = answering(
    () => Response.json({ ok: true, data: { records: [] } }),
    () => Response.json({ ok: true, data: { records: [] } }),
  );
  expect(await client.ask('find', { id: '5' })).toEqual({ ok: true, data: { records: [] } });
  await client.ask('find', { id: '5' });
  const [[url, first] = [], [, second] = []] = fetch.mock.calls;
  expect(url).toBe('https://hubspot.example.com/settings/find');
  expect(first?.method).toBe('POST');
  expect(first?.body?.['id']).toBe('5');
  expect(first?.headers).toBeUndefined();
  expect(first?.body?.['request']).not.toEqual(second?.body?.['request']);
});

test('a refusal has its code and its details', async () => {
  answering(() => Response.json({ ok: false, code: 'other_company', message: 'No.', details: { connected: 1 } }));
  const answer = await client.ask('save-credentials', { company_id: '2', api_key: 'key' });
  expect(answer).toEqual({ ok: false, code: 'other_company', message: 'No.', details: { connected: 1 } });
});

test('what was answered already is asked for once more, and not for ever', async () => {
  const replayed = () => Response.json({ ok: false, code: 'replayed', message: 'Again.' });
  const fetch = answering(replayed, () => Response.json({ ok: true, data: {} }));
  expect((await client.ask('sync-now', { object: null })).ok).toBe(true);
  expect(fetch).toHaveBeenCalledTimes(2);
  const [[, first] = [], [, second] = []] = fetch.mock.calls;
  expect(first?.body?.['request']).not.toEqual(second?.body?.['request']);

  fetch.mockReset();
  answering(replayed, replayed);
  expect(await client.ask('sync-now', { object: null })).toMatchObject({ ok: false, code: 'replayed' });
  expect(fetch).toHaveBeenCalledTimes(2);
});

test.each([
  ['session_expired', () => new Response('', { status: 401 })],
  ['session_expired', () => new Response('', { status: 403 })],
  ['unreachable', () => new Response('', { status: 503 })],
  ['unreachable', () => new Response('', { status: 429 })],
  ['unreadable', () => new Response('<html>')],
  ['unreadable', () => Response.json({ some: 'thing' })],
  ['unreadable', () => Response.json(null)],
  [
    'unreachable',
    () => {
      throw new Error('no network');
    },
  ],
])('%s', async (code, answer) => {
  answering(answer);
  expect(await client.ask('overview', {})).toMatchObject({ ok: false, code });
});
