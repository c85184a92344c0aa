import { Alert, Button, Checkbox, Form, Input, Modal, ProgressBar, Select, StatusTag, Tab, Table, Text } from '@hubspot/ui-extensions';
import { LoadingButton, LoadingSpinner } from '@hubspot/ui-extensions';
import { afterEach, expect, test, vi } from 'vitest';

import { Refuse, backend, client, overview, summary } from './backend.ts';
import { dialogOf, open, said, words } from './open.tsx';
import type { Opened } from './open.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

const QUIET = {
  pipelines: () => ({ choices: [{ value: 'p2', label: 'Delivery' }], is_more: false }),
  products: () => ({ choices: [{ value: '9', label: 'Hosting' }], is_more: false }),
};

const NEW = overview({
  kleer: { configured: false, company_id: null, company_name: null },
  terms: { version: '2026-11-01', accepted: null },
});

async function opened(language = 'en'): Promise<Opened> {
  const page = open(language);
  expect(page.find(LoadingSpinner).props.label).toBeTruthy();
  await page.waitFor(() => page.find(Tab));
  return page;
}

function type(page: Opened, name: string, value: string) {
  page.find(Input, { name }).trigger('onInput', value as never);
}

test('tabs stand in the order of the product, in the language of the user', async () => {
  backend({ overview: () => overview(), ...QUIET });
  const page = await opened();
  const titles = () => page.findAll(Tab).map((tab) => tab.props.title);
  expect(titles()).toEqual([
    'General Configuration',
    'Clients',
    'Invoices',
    'Agreements',
    'Products',
    'Line Items',
    'Projects',
    'Status',
  ]);
  const swedish = await opened('sv');
  expect(swedish.findAll(Tab).map((tab) => tab.props.title)?.slice(0, 3)).toEqual(['Allmänna inställningar', 'Kunder', 'Fakturor']);
});

test('from nothing to connected: terms first, a wrong key, then the right one', async () => {
  const api = backend({ overview: () => NEW, ...QUIET });
  api.answers['accept-terms'] = () => ({});
  api.answers['save-credentials'] = () => new Refuse('wrong_key');
  const page = await opened();
  expect(page.findByTestId(StatusTag, 'company-configured').text).toBe('Not configured');

  type(page, 'company_id', ' 1 ');
  type(page, 'api_key', 'not-the-key');
  page.find(Form).trigger('onSubmit');
  await page.waitFor(() => page.findByTestId(Alert, 'terms-missing'));
  expect(api.of('save-credentials')).toEqual([]);

  page.findByTestId(Checkbox, 'terms').trigger('onChange', true as never);
  page.find(Form).trigger('onSubmit');
  await page.waitFor(() => page.findByTestId(Alert, 'refused'));
  expect(api.of('accept-terms')).toEqual([{ version: '2026-11-01' }]);
  expect(api.of('save-credentials')).toEqual([{ company_id: '1', api_key: 'not-the-key' }]);
  expect(said(page)).toContain('Kleer does not know this API Key. Copy it again from Kleer');
  // What was typed is still there.
  expect(page.find(Input, { name: 'api_key' }).props.value).toBe('not-the-key');

  type(page, 'api_key', 'the-key');
  api.answers['save-credentials'] = () => ({ company_id: 1, company_name: 'Demo AB' });
  api.answers.overview = () => overview();
  page.find(Form).trigger('onSubmit');
  await page.waitFor(() => expect(page.findByTestId(StatusTag, 'key-configured').text).toBe('Configured'));
  expect(page.findByTestId(StatusTag, 'company-configured').props.variant).toBe('success');
  expect(page.findByTestId(Text, 'company-name').text).toBe('Demo AB');
  expect(page.find(Input, { name: 'api_key' }).props.value).toBe('');
  expect(page.maybeFindByTestId(Alert, 'refused')).toBe(null);
  expect(said(page)).toContain('accepted by eva@example.com');
  expect(page.mocks.actions.addAlert.calls.at(-1)?.[0].message).toBe('Connected to Demo AB.');
});

test('what cannot be a company or a key is said before anybody is asked', async () => {
  const api = backend({ overview: () => overview(), ...QUIET });
  const page = await opened();
  type(page, 'company_id', 'abc');
  page.find(Form).trigger('onSubmit');
  await page.waitFor(() => expect(page.find(Input, { name: 'company_id' }).props.error).toBe(true));
  expect(page.find(Input, { name: 'company_id' }).props.validationMessage).toContain('is a number');
  expect(page.find(Input, { name: 'api_key' }).props.validationMessage).toContain('Paste the API Key');
  expect(api.of('save-credentials')).toEqual([]);
});

test('another company leads to a start afresh, which asks and shows how far it is', async () => {
  const api = backend({ overview: () => overview(), 'save-credentials': () => new Refuse('other_company'), ...QUIET });
  const page = await opened();
  type(page, 'company_id', '2');
  type(page, 'api_key', 'key-2');
  page.find(Form).trigger('onSubmit');
  await page.waitFor(() => page.findByTestId(Button, 'start-afresh'));
  const dialog = dialogOf(page, 'start-afresh');
  expect(dialog.find(Modal).props.variant).toBe('danger');
  expect(words(dialog.find(Modal))).toContain('cannot be undone');
  expect(api.of('start-afresh')).toEqual([]);

  api.answers['start-afresh'] = () => ({ company_id: 2, company_name: 'Other AB' });
  api.answers.overview = () =>
    overview({ starting_afresh: { company_id: 2, began_at: '2026-11-21T10:00:00Z', total: 40, cleared: 10, ended_at: null } });
  dialog.find(LoadingButton).trigger('onClick');
  await page.waitFor(() => page.find(ProgressBar));
  expect(api.of('start-afresh')).toEqual([{ company_id: '2', api_key: 'key-2', confirmed: true }]);
  expect(page.find(ProgressBar).props).toMatchObject({ value: 10, maxValue: 40, valueDescription: '10 of 40' });
});

test('disconnecting asks first', async () => {
  const api = backend({ overview: () => overview(), disconnect: () => ({}), ...QUIET });
  const page = await opened();
  const dialog = dialogOf(page, 'disconnect');
  expect(words(dialog.find(Modal))).toContain('Records in HubSpot and in Kleer stay as they are');
  api.answers.overview = () => overview({ hubspot: { status: 'disconnected', at: '2026-11-21T10:00:00Z', reason: 'It left.' } });
  dialog.find(LoadingButton).trigger('onClick');
  await page.waitFor(() => expect(page.findByTestId(StatusTag, 'hubspot-status').text).toBe('Disconnected'));
  expect(said(page)).toContain('It left.');
  expect(page.findAll(Tab).filter((tab) => tab.props.disabled)).toHaveLength(7);
});

test('the sync configuration is saved, and who saves later is told and keeps the choice', async () => {
  const api = backend({ overview: () => overview(), ...QUIET });
  const page = await opened();
  const button = () => page.findByTestId(LoadingButton, 'save-sync-settings');
  expect(button().props.disabled).toBe(true);
  page.find(Select, { name: 'invoice_window' }).trigger('onChange', 0 as never);
  const theirs = { ...overview().sync, version: 2, match_companies: false };
  api.answers['save-sync-settings'] = () => new Refuse('changed_meanwhile', theirs);
  api.answers.overview = () => overview({ sync: theirs });
  await page.waitFor(() => expect(button().props.disabled).toBe(false));
  button().trigger('onClick');
  await page.waitFor(() => page.findByTestId(Alert, 'refused'));
  expect(said(page)).toContain('Somebody else saved meanwhile');
  expect(page.find(Select, { name: 'invoice_window' }).props.value).toBe(0);

  api.answers['save-sync-settings'] = () => ({ ...theirs, invoice_window_months: null, version: 3 });
  button().trigger('onClick');
  await page.waitFor(() => expect(page.mocks.actions.addAlert.calls.length).toBe(1));
  expect(api.of('save-sync-settings').at(-1)).toEqual({ ...theirs, invoice_window_months: null });
});

test('products and pipelines are those of the account', async () => {
  const api = backend({ overview: () => overview(), ...QUIET });
  const page = await opened();
  const options = (name: string) => page.find(Select, { name }).props.options.map((option) => option.label);
  await page.waitFor(() => expect(options('default_product')).toEqual(['None', 'Hosting']));
  await page.waitFor(() => expect(options('project_pipeline')).toEqual(['The first pipeline', 'Delivery']));
  page.find(Select, { name: 'default_product' }).trigger('onChange', '9' as never);
  api.answers['save-sync-settings'] = () => ({ ...overview().sync, default_product: 9 });
  await page.waitFor(() => expect(page.findByTestId(LoadingButton, 'save-sync-settings').props.disabled).toBe(false));
  page.findByTestId(LoadingButton, 'save-sync-settings').trigger('onClick');
  await page.waitFor(() => expect(api.of('save-sync-settings')).toHaveLength(1));
  expect(api.of('save-sync-settings')[0]?.['default_product']).toBe(9);
});

test('what the account cannot do is told with its reason', async () => {
  backend({ overview: () => overview(), ...QUIET });
  const page = await opened();
  expect(words(page.find(Table))).toContain('Projects need another plan.');
});

test('without an answer the page says so, and asks again', async () => {
  const api = backend({});
  const page = open();
  await page.waitFor(() => page.find(Button));
  expect(said(page)).toContain('The service does not answer');
  Object.assign(api.answers, { overview: () => overview(), ...QUIET });
  page.find(Button).trigger('onClick');
  await page.waitFor(() => page.find(Tab));
});

test('the schedule of all types is seen and chosen on one tab; the later of two people is told', async () => {
  const api = backend({ overview: () => overview(), ...QUIET });
  const page = await opened();
  const every = (object: string) => page.find(Select, { name: `schedule-${object}` });
  expect(every('project').props.value).toBe(300);
  expect(every('client').props).toMatchObject({ value: 0, options: expect.arrayContaining([{ value: 0, label: 'Every 15 minutes (default)' }]) });
  expect(page.maybeFind(Select, { name: 'schedule-line_item' })).toBe(null);
  api.answers['save-schedule'] = () => new Refuse('changed_meanwhile');
  api.answers.overview = () => overview({ objects: [summary({ version: 9, default_interval_s: 900, interval_s: 60 })] });
  every('client').trigger('onChange', 3600 as never);
  await page.waitFor(() => expect(every('client').props.value).toBe(60));
  expect(said(page)).toContain('Somebody else saved meanwhile');
  api.answers['save-schedule'] = () => client();
  every('client').trigger('onChange', 0 as never);
  await page.waitFor(() => expect(api.of('save-schedule')).toHaveLength(2));
  expect(api.of('save-schedule')).toEqual([
    { object: 'client', version: 3, interval_s: 3600 },
    { object: 'client', version: 9, interval_s: null },
  ]);
});

test('once Kleer is connected the next step is one press away, or a look', async () => {
  const api = backend({ overview: () => overview(), object: () => client(), ...QUIET });
  const page = await opened();
  api.answers['save-object'] = () => {
    api.answers.overview = () => overview({ objects: [summary({ enabled: true, default_interval_s: 900 })] });
    return client({ enabled: true });
  };
  page.findByTestId(LoadingButton, 'switch-on-clients').trigger('onClick');
  await page.waitFor(() => expect(page.maybeFind(Alert, { testId: 'next-step' } as never)).toBe(null));
  expect(api.of('save-object')).toEqual([
    { object: 'client', version: 3, enabled: true, hubspot_object: 'companies', create_in_kleer: false, interval_s: null },
  ]);
});

test('the next step leads to the tab where the reason stands if clients cannot be switched on', async () => {
  const fault = { code: 'required_field_missing', about: 'name', message: 'Map the field name first.' } as const;
  const api = backend({ overview: () => overview(), object: () => client({ faults: [fault] }), ...QUIET });
  const page = await opened();
  page.findByTestId(LoadingButton, 'switch-on-clients').trigger('onClick');
  await page.waitFor(() => expect(page.findByTestId(Text, 'fault').text).toBe('Map the field Name first.'));
  expect(api.of('save-object')).toEqual([]);
});
