import {
  Accordion,
  Alert,
  BarChart,
  Button,
  Form,
  Input,
  LoadingButton,
  Modal,
  ProgressBar,
  RadioButton,
  Select,
  StatisticsItem,
  StatusTag,
  Tile,
} from '@hubspot/ui-extensions';
import { afterEach, expect, test, vi } from 'vitest';

import { Refuse, backend, overview, problem, status } from './backend.ts';
import type { Backend } from './backend.ts';
import { dialogOf, openTab, said, words } from './open.tsx';
import type { Opened } from './open.tsx';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function opened(more: Backend['answers'] = {}, language = 'en'): Promise<[Opened, Backend]> {
  const api = backend({
    overview: () => overview(),
    status: () => status(),
    problems: () => ({ problems: [problem()], after: null }),
    activity: () => ({ lines: [], before: null }),
    pipelines: () => ({ choices: [], is_more: false }),
    products: () => ({ choices: [], is_more: false }),
    ...more,
  });
  const page = await openTab('status', language);
  await page.waitFor(() => page.find(Tile));
  return [page, api];
}

test('how a type stands, and that nobody can be charged', async () => {
  const [page] = await opened();
  const tile = words(page.findByTestId(Tile, 'type-client'));
  expect(tile).toContain('Has problems');
  expect(tile).toContain('200 in Kleer: 3 created, 197 unchanged');
  expect(page.findByTestId(Alert, 'payments').props).toMatchObject({
    variant: 'success',
    title: 'Payments check: billable invoices found: 0',
  });
  const days = page.find(BarChart).props.data as { day: string; records: number; type: string }[];
  expect(days).toHaveLength(30);
  expect(days.filter((one) => one.records > 0)).toEqual([{ day: '20 Nov', type: 'Clients', records: 12 }]);
  expect([days[0]?.day, days.at(-1)?.day]).toEqual(['23 Oct', '21 Nov']);
});

test.each([
  [3, 'error'],
  [null, 'info'],
])('payments: %s found is told as %s', async (chargeable, variant) => {
  const [page] = await opened({ status: () => ({ ...status(), chargeable }) });
  expect(page.findByTestId(Alert, 'payments').props.variant).toBe(variant);
});

test('a run that goes on has a progress bar, and is looked at again', async () => {
  const [page, api] = await opened({
    status: () => status({ running: true, finished_at: null, pages: 4, pages_done: 1 }),
  });
  expect(page.findByTestId(ProgressBar, 'progress').props).toMatchObject({ value: 1, maxValue: 4, valueDescription: '1 of 4 pages' });
  expect(page.findByTestId(Tile, 'type-client').find(StatusTag).text).toBe('Running');
  api.answers.status = () => status({ problems: 0 });
  page.findAll(Button).find((button) => button.text === 'Refresh')?.trigger('onClick');
  await page.waitFor(() => expect(page.maybeFindByTestId(ProgressBar, 'progress')).toBe(null));
  expect(page.findByTestId(Tile, 'type-client').find(StatusTag).text).toBe('Up to date');
});

test('while it reads Kleer the bar says so', async () => {
  const [page] = await opened({ status: () => status({ running: true, finished_at: null, pages: null, pages_done: 0 }) });
  expect(page.findByTestId(ProgressBar, 'progress').props).toMatchObject({ showPercentage: false, valueDescription: 'Reading Kleer' });
});

test('syncing now, for one type and for all', async () => {
  const [page, api] = await opened({ 'sync-now': () => ({}) });
  page.findByTestId(LoadingButton, 'sync-all').trigger('onClick');
  await page.waitFor(() => expect(api.of('sync-now')).toEqual([{ object: null }]));
  page.findByTestId(LoadingButton, 'sync-client').trigger('onClick');
  await page.waitFor(() => expect(api.of('sync-now')).toHaveLength(2));
  expect(api.of('sync-now')[1]).toEqual({ object: 'client' });
  api.answers['sync-now'] = () => new Refuse('kleer_not_connected');
  page.findByTestId(LoadingButton, 'sync-client').trigger('onClick');
  await page.waitFor(() => page.findByTestId(Alert, 'refused'));
  expect(said(page)).toContain('Kleer is not connected. Save its credentials');
});

test('a full re-sync asks first', async () => {
  const [page, api] = await opened({ resync: () => ({}) });
  expect(words(dialogOf(page, 'resync-client'))).toContain('Kleer’s value takes its place');
  expect(api.of('resync')).toEqual([]);
  dialogOf(page, 'resync-client').find(LoadingButton).trigger('onClick');
  await page.waitFor(() => expect(page.mocks.actions.closeOverlay.calls).toEqual([['resync-client']]));
  expect(api.of('resync')).toEqual([{ object: 'client' }]);
});

test('a preview tells what would be written, and what is there now', async () => {
  const counts = {
    source: 200,
    create: 3,
    link: 2,
    update: 0,
    deactivate: 0,
    unchanged: 190,
    waiting: 0,
    excluded: 4,
    doubtful: 0,
    deleted_in_hubspot: 0,
    failed: 1,
  };
  const sample = {
    kind: 'link',
    kleer_id: 1004,
    hubspot_id: '55',
    link: null,
    properties: [{ property: 'phone', before: '', after: '08-1' }],
    rows: 0,
  };
  const going = { stage: 'waiting', asked_at: '2026-11-21T10:00:00Z', read: 0, of: null, preview: null, refusal: null } as const;
  const preview = { counts, samples: [sample], problems: [problem()] };
  let asks = 0;
  const [page, api] = await opened({
    preview: () => going,
    'preview-state': () => {
      asks += 1;
      return asks === 1 ? { ...going, stage: 'reading', read: 100, of: 200 } : { ...going, stage: 'done', preview };
    },
  });
  page.findByTestId(LoadingButton, 'preview-client').trigger('onClick');
  // How far it is, then what it found out.
  await page.waitFor(() => expect(page.find(ProgressBar).props.valueDescription).toBe('100 of 200 records read'));
  expect(page.find(ProgressBar).props).toMatchObject({ value: 100, maxValue: 200, showPercentage: true });
  await page.waitFor(() => page.find(StatisticsItem), { timeoutInMs: 4000 });
  expect(page.maybeFind(ProgressBar)).toBe(null);
  expect(api.of('preview')).toEqual([{ object: 'client' }]);
  const numbers = page.findAll(StatisticsItem).map((item) => `${item.props.label} ${item.props.number}`);
  expect(numbers).toEqual(['Create 3', 'Link 2', 'Update 0', 'Unchanged 190', 'Skip 4', 'Problems 1']);
  expect(page.findAll(Accordion).map((one) => one.props.title)).toContain('Link: 1004');
  expect(said(page)).toContain('phone – 08-1');
  expect(said(page)).toContain('Nothing was written');
});

test('a preview that cannot be made says why, in Swedish too', async () => {
  const refusal = { code: 'cannot_run', message: 'Kleer is closed.', message_sv: 'Kleer är stängt.' } as const;
  const state = { stage: 'refused', asked_at: null, read: 0, of: null, preview: null, refusal } as const;
  const [page] = await opened({ preview: () => state, 'preview-state': () => state }, 'sv');
  page.findByTestId(LoadingButton, 'preview-client').trigger('onClick');
  await page.waitFor(() => expect(words(page.findByTestId(Alert, 'refused'))).toContain('Kleer är stängt.'));
  expect(page.findByTestId(LoadingButton, 'preview-client').props.loading).toBe(false);
});

test('records by state are counted for whoever looks', async () => {
  const [page, api] = await opened({ states: () => ({ states: { in_sync: 190, excluded_credit: 4 } }) });
  expect(api.of('states')).toEqual([]);
  page.find(Accordion, { title: 'Records by state' }).trigger('onClick');
  await page.waitFor(() => expect(said(page)).toContain('190'));
  expect(api.of('states')).toEqual([{ object: 'client' }]);
});

test('problems come page by page', async () => {
  const [page, api] = await opened({
    problems: ({ after }) => ({
      problems: [problem({ kleer_id: after === null ? 1 : 2 })],
      after: after === null ? 'client#1' : null,
    }),
  });
  await page.waitFor(() => expect(said(page)).toContain('Kleer id 1'));
  page.findByTestId(Button, 'problems-next').trigger('onClick');
  await page.waitFor(() => expect(said(page)).toContain('Kleer id 2'));
  expect(page.findByTestId(Button, 'problems-next').props.disabled).toBe(true);
  page.find(Select, { name: 'problems-of' }).trigger('onChange', 'invoice' as never);
  await page.waitFor(() => expect(api.of('problems').at(-1)).toEqual({ object: 'invoice', limit: 25, after: null }));
});

test('a problem says what is wrong and what to do, in Swedish too, and is tried again', async () => {
  const [page, api] = await opened({ retry: () => ({}) }, 'sv');
  await page.waitFor(() => expect(said(page)).toContain('Ett värde saknas'));
  expect(said(page)).toContain('Namnet är tomt.');
  expect(said(page)).toContain('Ge kunden ett namn i Kleer.');
  page.findByTestId(LoadingButton, 'retry-1004').trigger('onClick');
  await page.waitFor(() => expect(said(page)).toContain('Görs om'));
  expect(api.of('retry')).toEqual([{ object: 'client', kleer_id: 1004 }]);
});

test('all problems are tried again', async () => {
  const [page, api] = await opened({ 'retry-all': () => ({}) });
  await page.waitFor(() => expect(page.findByTestId(LoadingButton, 'retry-all').props.disabled).toBe(false));
  page.findByTestId(LoadingButton, 'retry-all').trigger('onClick');
  await page.waitFor(() => expect(api.of('retry-all')).toEqual([{ object: null }]));
});

test('a deleted record is made again only after asking', async () => {
  const deleted = problem({ code: 'deleted_in_hubspot', can_retry: false, can_recreate: true });
  const [page, api] = await opened({ problems: () => ({ problems: [deleted], after: null }), recreate: () => ({}) });
  await page.waitFor(() => page.findByTestId(Button, 'recreate-client-1004'));
  expect(api.of('recreate')).toEqual([]);
  dialogOf(page, 'recreate-client-1004').find(LoadingButton).trigger('onClick');
  await page.waitFor(() => expect(api.of('recreate')).toEqual([{ object: 'client', kleer_id: 1004 }]));
});

test('who is meant is chosen by a person', async () => {
  const doubtful = problem({ code: 'doubtful_match', can_retry: false, can_choose: true });
  const [page, api] = await opened({
    problems: () => ({ problems: [doubtful], after: null }),
    candidates: () => ({ candidates: [{ hubspot_id: '7', name: 'Alfa AB', link: null }] }),
    choose: () => ({}),
  });
  const id = 'choose-client-1004';
  await page.waitFor(() => page.findByTestId(Button, id));
  dialogOf(page, id).find(Modal).trigger('onOpen');
  await page.waitFor(() => expect(dialogOf(page, id).findAll(RadioButton)).toHaveLength(2));
  expect(words(dialogOf(page, id))).toContain('Alfa AB (7)');
  dialogOf(page, id).findAll(RadioButton)[0]?.trigger('onChange');
  await page.waitFor(() => expect(dialogOf(page, id).find(LoadingButton).props.disabled).toBe(false));
  dialogOf(page, id).find(LoadingButton).trigger('onClick');
  await page.waitFor(() => expect(api.of('choose')).toEqual([{ object: 'client', kleer_id: 1004, hubspot_id: '7' }]));
});

test('any record is found by either id', async () => {
  const record = {
    object: 'client',
    kleer_id: 1004,
    hubspot_object: 'companies',
    hubspot_id: '55',
    link: null,
    state: 'failing',
    retry_at: null,
    failures: 2,
    problem: problem(),
  } as const;
  const [page, api] = await opened({ find: ({ id }) => ({ records: id === '55' ? [record] : [] }) });
  const search = async (id: string) => {
    const input = () => page.find(Input, { name: 'record-id' });
    input().trigger('onInput', id as never);
    await page.waitFor(() => expect(input().props.value).toBe(id));
    page.find(Form, (form) => words(form).includes('Search')).trigger('onSubmit');
  };
  await search('x1');
  await page.waitFor(() => expect(page.find(Input, { name: 'record-id' }).props.error).toBe(true));
  await search('99');
  await page.waitFor(() => expect(said(page)).toContain('No synchronized record has the id 99.'));
  await search(' 55 ');
  await page.waitFor(() => expect(said(page)).toContain('Failing'));
  expect(api.of('find').map((one) => one['id'])).toEqual(['99', '55']);
});

test('conflicts are found among what happened', async () => {
  const line = (kind: string, message: string) => ({
    at: '2026-11-21T10:00:00Z',
    kind,
    object: 'client' as const,
    kleer_id: 1,
    hubspot_id: null,
    message,
    message_sv: null,
  });
  const lines = [line('conflict', 'Both sides changed phone.'), line('imported', 'The phone was imported.')];
  const [page, api] = await opened({
    activity: ({ kind, before }) => ({
      lines: kind === null ? lines : before === null ? [] : lines.slice(0, 1),
      before: kind === null || before !== null ? null : 'older',
    }),
  });
  await page.waitFor(() => expect(said(page)).toContain('The phone was imported.'));
  page.find(Select, { name: 'activity-kind' }).trigger('onChange', 'conflict' as never);
  await page.waitFor(() => expect(said(page)).not.toContain('The phone was imported.'));
  // The backend stopped looking; it goes on from there.
  expect(said(page)).toContain('press Older to look further back');
  page.find(Button, (button) => words(button) === 'Older').trigger('onClick');
  await page.waitFor(() => expect(said(page)).toContain('Both sides changed phone.'));
  expect(api.of('activity').at(-1)).toEqual({ limit: 25, before: 'older', kind: 'conflict' });
});
