import { Alert, Button, Input, LoadingButton, Modal, SearchInput, Select, Table, TableRow, Tag, Text, Toggle } from '@hubspot/ui-extensions';
import { afterEach, expect, test, vi } from 'vitest';

import type { ObjectView } from '../api/types.ts';
import { Refuse, backend, client, mapping, overview } from './backend.ts';
import type { Backend } from './backend.ts';
import { dialogOf, openTab, said, words } from './open.tsx';
import type { Opened } from './open.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

const PROPERTIES = [
  { name: 'kleer_gln', label: 'GLN', type: 'string', mapped: false, one_way: true },
  { name: 'kleer_phone', label: 'Phone', type: 'string', mapped: true, one_way: true },
  { name: 'name', label: 'Name', type: 'string', mapped: true, one_way: false },
];

async function opened(view: ObjectView, language = 'en'): Promise<[Opened, Backend]> {
  const api = backend({
    overview: () => overview(),
    object: () => view,
    properties: () => ({ properties: PROPERTIES, is_more: false }),
    pipelines: () => ({ choices: [], is_more: false }),
    products: () => ({ choices: [], is_more: false }),
  });
  const page = await openTab(view.object, language);
  await page.waitFor(() => page.findByTestId(Toggle, 'switch'));
  return [page, api];
}

/** Opens the dialog behind a button, as HubSpot does. */
async function openDialog(page: Opened, button: string) {
  dialogOf(page, button).find(Modal).trigger('onOpen');
  const dialog = () => dialogOf(page, button);
  await page.waitFor(() => dialog().find(Select));
  return dialog;
}

test('a type that cannot be switched on says why', async () => {
  const fault = { code: 'required_field_missing', about: 'name', message: 'Map the field name first.' } as const;
  const [page] = await opened(client({ mappings: [], faults: [fault] }), 'sv');
  expect(page.findByTestId(Toggle, 'switch').props).toMatchObject({ checked: false, readOnly: true, textUnchecked: 'AV' });
  expect(page.findByTestId(Text, 'fault').text).toBe('Koppla fältet Namn först.');
  expect(said(page)).toContain('Ännu skrivs inget till HubSpot');
});

test('switching on saves everything that was chosen, with the version that was seen', async () => {
  const [page, api] = await opened(client());
  api.answers['save-object'] = (request) => client({ version: 4, enabled: request.enabled });
  page.findByTestId(Toggle, 'switch').trigger('onChange', true as never);
  await page.waitFor(() => expect(page.findByTestId(Toggle, 'switch').props.checked).toBe(true));
  expect(api.of('save-object')).toEqual([
    { object: 'client', version: 3, enabled: true, hubspot_object: 'companies', create_in_kleer: false, interval_s: null },
  ]);
  expect(page.mocks.actions.addAlert.calls[0]?.[0].message).toContain('Switched on');
});

test('a switch that is refused stays, and the reason is told', async () => {
  const [page, api] = await opened(client());
  api.answers['save-object'] = () => new Refuse('object_taken');
  page.findByTestId(Toggle, 'switch').trigger('onChange', true as never);
  await page.waitFor(() => page.findByTestId(Alert, 'refused'));
  expect(said(page)).toContain('Another type goes to this HubSpot object already');
  expect(page.findByTestId(Toggle, 'switch').props.checked).toBe(false);
});

test('the mappings table has the columns of the product and says what is one-way', async () => {
  const [page] = await opened(client({ mappings: [...client().mappings, mapping(null, 'country', { default: 'Sweden' })] }));
  const rows = page.findByTestId(Table, 'mappings').findAll(TableRow).map(words);
  expect(rows[0]).toBe('Kleer Field HubSpot Property Default Value Created / Updated Actions');
  expect(rows[1]).toContain('Name (name) Required name');
  expect(rows[2]).toContain('Phone (phone) kleer_phone One-way');
  expect(rows[3]).toContain('None (default value alone) country Sweden');
  expect(words(page.findByTestId(Tag, 'one-way').props.overlay as never)).toContain('does not by itself start a sync');
});

test('500 mappings are shown page by page, and found', async () => {
  const many = Array.from({ length: 500 }, (_, place) => mapping('phone', `property_${place}`));
  const [page] = await opened(client({ mappings: many }));
  const table = () => page.findByTestId(Table, 'mappings');
  expect(table().props).toMatchObject({ paginated: true, pageCount: 25 });
  expect(table().findAll(TableRow)).toHaveLength(21);
  page.find(SearchInput).trigger('onInput', 'property_499' as never);
  await page.waitFor(() => expect(table().findAll(TableRow)).toHaveLength(2));
});

test('a mapping is added with a property that is made for it', async () => {
  const [page, api] = await opened(client());
  const dialog = await openDialog(page, 'add-mapping');
  dialog().find(Select, { name: 'field' }).trigger('onChange', 'gln' as never);
  dialog().find(Button, { testId: 'new-property' } as never).trigger('onClick');
  await page.waitFor(() => dialog().find(Input, { name: 'new_name' }));
  expect(dialog().find(Input, { name: 'new_label' }).props.value).toBe('GLN');
  expect(dialog().find(Input, { name: 'new_name' }).props.value).toBe('kleer_gln');

  // There is one of that name, of another type: what was typed stays.
  api.answers['create-property'] = () => new Refuse('property_exists');
  const make = () => dialog().find(LoadingButton, { testId: 'create-property' } as never);
  make().trigger('onClick');
  await page.waitFor(() => expect(words(dialog())).toContain('of another type. Choose another internal name'));
  dialog().find(Input, { name: 'new_name' }).trigger('onInput', 'Not A Name' as never);
  await page.waitFor(() => expect(make().props.disabled).toBe(true));
  dialog().find(Input, { name: 'new_name' }).trigger('onInput', 'kleer_gln_2' as never);
  await page.waitFor(() => expect(make().props.disabled).toBe(false));
  const made = { name: 'kleer_gln_2', label: 'GLN', type: 'string', mapped: false, one_way: true };
  api.answers['create-property'] = () => made;
  make().trigger('onClick');
  await page.waitFor(() => expect(dialog().find(Select, { name: 'property' }).props.value).toBe('kleer_gln_2'));
  expect(api.of('create-property').at(-1)).toEqual({ object: 'client', field: 'gln', name: 'kleer_gln_2', label: 'GLN' });

  api.answers['save-mapping'] = (request) =>
    client({ version: 4, mappings: [...client().mappings, mapping(request.field, request.property)] });
  const save = () => dialog().find(LoadingButton, { testId: 'save-mapping' } as never);
  await page.waitFor(() => expect(save().props.disabled).toBe(false));
  save().trigger('onClick');
  await page.waitFor(() => expect(page.findByTestId(Table, 'mappings').findAll(TableRow)).toHaveLength(4));
  expect(api.of('save-mapping')).toEqual([
    { object: 'client', version: 3, replaces: null, field: 'gln', property: 'kleer_gln_2', default: null },
  ]);
  expect(page.mocks.actions.closeOverlay.calls).toEqual([['add-client']]);
});

test('what cannot be saved is said before it is sent', async () => {
  const [page, api] = await opened(client());
  const dialog = await openDialog(page, 'add-mapping');
  const save = () => dialog().find(LoadingButton, { testId: 'save-mapping' } as never);
  expect(save().props.disabled).toBe(true);
  await page.waitFor(() => expect(dialog().find(Select, { name: 'property' }).props.options).toHaveLength(3));
  const labels = dialog().find(Select, { name: 'property' }).props.options.map((option) => option.label);
  expect(labels[1]).toBe('Phone (kleer_phone) · string · already mapped');

  // Mapped already.
  dialog().find(Select, { name: 'property' }).trigger('onChange', 'kleer_phone' as never);
  await page.waitFor(() => expect(words(dialog())).toContain('kleer_phone is mapped already'));
  expect(save().props.disabled).toBe(true);

  // Not of a type that takes the field: it is not among those that HubSpot has for it.
  dialog().find(Select, { name: 'property' }).trigger('onChange', 'numberofemployees' as never);
  await page.waitFor(() => expect(words(dialog())).toContain('numberofemployees cannot take this field'));
  expect(dialog().find(Select, { name: 'property' }).props.error).toBe(true);

  // A default alone needs a value.
  dialog().find(Select, { name: 'field' }).trigger('onChange', '' as never);
  dialog().find(Select, { name: 'property' }).trigger('onChange', 'kleer_gln' as never);
  await page.waitFor(() => expect(words(dialog())).toContain('needs a default value'));
  dialog().find(Input, { name: 'default' }).trigger('onInput', '7300000000000' as never);
  await page.waitFor(() => expect(save().props.disabled).toBe(false));
  expect(api.of('save-mapping')).toEqual([]);
});

test('HubSpot is asked for its properties once for a dialog, and each field is offered what it can take', async () => {
  const types = [
    { name: 'employees', label: 'Employees', type: 'number', mapped: false, one_way: true },
    { name: 'mobile', label: 'Mobile', type: 'phone_number', mapped: false, one_way: true },
  ];
  const field = (name: string, types: string[]) => ({
    name,
    label: name,
    writable: true,
    types,
    new_type: 'string',
    suggested_name: `kleer_${name}`,
    suggested_label: name,
  });
  const fields = [field('days', ['number', 'string']), field('text', ['string', 'other'])];
  const [page, api] = await opened(client({ fields, mappings: [] }));
  api.answers.properties = () => ({ properties: [...types, ...PROPERTIES], is_more: false });
  const dialog = await openDialog(page, 'add-mapping');
  const names = () => dialog().find(Select, { name: 'property' }).props.options.map((option) => option.value);
  await page.waitFor(() => expect(names()).toEqual(['employees', 'kleer_gln', 'kleer_phone', 'name']));
  dialog().find(Select, { name: 'field' }).trigger('onChange', 'text' as never);
  await page.waitFor(() => expect(names()).toEqual(['mobile', 'kleer_gln', 'kleer_phone', 'name']));
  dialog().find(Select, { name: 'field' }).trigger('onChange', '' as never);
  await page.waitFor(() => expect(names()).toHaveLength(5));
  expect(api.of('properties')).toEqual([{ object: 'client', field: null, search: null }]);
});

test('who saves a mapping later is told, keeps what was typed, and saves on top', async () => {
  const [page, api] = await opened(client());
  const dialog = await openDialog(page, 'edit-kleer_phone');
  const save = () => dialog().find(LoadingButton, { testId: 'save-mapping' } as never);
  await page.waitFor(() => expect(save().props.disabled).toBe(false));
  dialog().find(Input, { name: 'default' }).trigger('onInput', '08-1' as never);
  const theirs = client({ version: 9, mappings: [...client().mappings, mapping('gln', 'kleer_gln')] });
  api.answers['save-mapping'] = () => new Refuse('changed_meanwhile', theirs);
  save().trigger('onClick');
  await page.waitFor(() => expect(words(dialog())).toContain('Somebody else saved meanwhile'));
  expect(page.findByTestId(Table, 'mappings').findAll(TableRow)).toHaveLength(4);
  expect(dialog().find(Input, { name: 'default' }).props.value).toBe('08-1');
  expect(page.mocks.actions.closeOverlay.calls).toEqual([]);
  api.answers['save-mapping'] = () => theirs;
  save().trigger('onClick');
  await page.waitFor(() => expect(page.mocks.actions.closeOverlay.calls).toEqual([['edit-client-kleer_phone']]));
  expect(api.of('save-mapping').at(-1)).toEqual({
    object: 'client',
    version: 9,
    replaces: 'kleer_phone',
    field: 'phone',
    property: 'kleer_phone',
    default: '08-1',
  });
});

test('another HubSpot object is confirmed first, with what changes', async () => {
  const [page, api] = await opened(client());
  page.find(Select, { name: 'target-client' }).trigger('onChange', 'deals' as never);
  await page.waitFor(() => page.findByTestId(Button, 'target-client'));
  expect(words(dialogOf(page, 'target-client'))).toContain('What is in Companies stays there');
  expect(api.of('save-object')).toEqual([]);
  api.answers['save-object'] = () => client({ version: 4, hubspot_object: 'deals' });
  dialogOf(page, 'target-client').find(LoadingButton).trigger('onClick');
  await page.waitFor(() => expect(page.maybeFindByTestId(Button, 'target-client')).toBe(null));
  expect(api.of('save-object')[0]).toMatchObject({ hubspot_object: 'deals', version: 3 });
});

test('how often, and creating in Kleer, are saved at once', async () => {
  const [page, api] = await opened(client());
  expect(page.find(Select, { name: 'pause-client' }).props.options[0]?.label).toBe('Every 15 minutes (default)');
  api.answers['save-object'] = (request) => client({ ...request, version: 4 });
  page.find(Select, { name: 'pause-client' }).trigger('onChange', 300 as never);
  await page.waitFor(() => expect(page.find(Select, { name: 'pause-client' }).props.value).toBe(300));
  page.findByTestId(Toggle, 'create-in-kleer').trigger('onChange', true as never);
  await page.waitFor(() => expect(page.findByTestId(Toggle, 'create-in-kleer').props.checked).toBe(true));
  expect(api.of('save-object').map((one) => one['interval_s'])).toEqual([300, 300]);
});

test('rows have no turn of their own, so no pause and no preview', async () => {
  const [page] = await opened(client({ object: 'line_item', two_way: false, hubspot_object: 'line_items' }));
  expect(page.findAll(Select).map((select) => select.props.name)).not.toContain('pause-line_item');
  expect(said(page)).not.toContain('Preview');
  expect(said(page)).not.toContain('Create in Kleer');
});

test('deleting a mapping asks first', async () => {
  const [page, api] = await opened(client());
  const dialog = () => dialogOf(page, 'delete-client-kleer_phone');
  expect(words(dialog())).toContain('The values that it has in HubSpot stay');
  expect(api.of('delete-mapping')).toEqual([]);
  api.answers['delete-mapping'] = () => client({ version: 4, mappings: [mapping('name', 'name')] });
  dialog().find(LoadingButton).trigger('onClick');
  await page.waitFor(() => expect(page.findByTestId(Table, 'mappings').findAll(TableRow)).toHaveLength(2));
  expect(api.of('delete-mapping')).toEqual([{ object: 'client', version: 3, property: 'kleer_phone' }]);
  expect(page.mocks.actions.closeOverlay.calls).toEqual([['delete-client-kleer_phone']]);
});
