// Install, connect with a wrong key, then the right one; switch clients on, see them come, map a new property, preview, see a problem,
// mend it, retry, switch language.

import assert from 'node:assert/strict';

import { PORTAL, by } from './lib.mjs';

export async function connect(product, person) {
  const { page } = person;
  const change = (client) => product.kleer('PATCH', 'company/1/client/1004', client);
  await person.step('the page opens', async () => {
    await product.install(PORTAL);
    await person.visits(product.address(PORTAL));
    await person.says('Kleer API Credentials');
    await person.everybody();
  });
  await person.step('a wrong key is told', async () => {
    await person.types('input[name="company_id"]', '1');
    await person.types('input[name="api_key"]', 'not-the-key');
    await person.press(by('save-credentials'));
    await page.waitForSelector(by('terms-missing'));
    await person.press(by('terms'));
    await person.press(by('save-credentials'));
    await person.says('Kleer does not know this API Key');
    assert.equal(await page.$eval('input[name="api_key"]', (input) => input.value), 'not-the-key');
    await person.everybody();
  });
  await person.step('the right key connects', async () => {
    await person.types('input[name="api_key"]', 'demo-key');
    await person.press(by('save-credentials'));
    await person.says('Connected to Demobolaget AB');
    await page.waitForFunction((id) => document.querySelector(id)?.innerText === 'Configured', {}, by('key-configured'));
    await page.waitForFunction((id) => document.querySelector(id)?.innerText === 'Configured', {}, by('company-configured'));
  });
  await person.step('a preview before anything is switched on', async () => {
    await person.tab('client');
    await person.says('See what the first sync would do');
    await person.press(by('preview-client'));
    await person.says('Of 60 records in Kleer. Nothing was written.', 40_000);
    await person.everybody();
  });
  await person.step('clients are switched on, and come', async () => {
    await person.press(by('switch'));
    await page.waitForFunction((id) => document.querySelector(id)?.getAttribute('aria-checked') === 'true', {}, by('switch'));
    await person.everybody();
    await person.tab('status');
    await person.says('60 in Kleer: 60 created', 60_000);
    await person.everybody();
    await person.tab('client');
    await page.waitForSelector(by('add-mapping'), { visible: true });
  });
  await person.step('a mapping with a new property', async () => {
    await person.press(by('add-mapping'));
    await page.waitForSelector('dialog[open] select[name="field"]', { visible: true });
    const gln = await page.$$eval('dialog[open] select[name="field"] option', (options) =>
      options.find((option) => option.textContent.includes('(gln)')).value,
    );
    await page.select('dialog[open] select[name="field"]', gln);
    await person.press(`dialog[open] ${by('new-property')}`);
    await page.waitForSelector('dialog[open] input[name="new_name"]');
    assert.equal(await page.$eval('dialog[open] input[name="new_name"]', (input) => input.value), 'kleer_gln');
    await person.everybody();
    await person.press(`dialog[open] ${by('create-property')}`);
    // What it says of it is gone after some seconds; what it chose stays.
    await page.waitForFunction(() =>
      [...document.querySelectorAll('dialog[open] select')].some((one) => one.selectedOptions[0]?.textContent.includes('kleer_gln')),
    );
    await person.press(`dialog[open] ${by('save-mapping')}`);
    await page.waitForFunction((id) => document.querySelector(id)?.innerText.includes('kleer_gln'), {}, by('mappings'));
  });
  await person.step('the status', async () => {
    await person.tab('status');
    await page.waitForSelector(by('type-client'), { visible: true });
    await person.says('60 in Kleer', 60_000);
    await person.press(by('sync-client'));
    await person.says('The sync begins in a moment.');
    await person.everybody();
  });
  await person.step('a preview writes nothing', async () => {
    await person.press(by('preview-client'));
    await person.says('Nothing was written.', 40_000);
  });
  await person.step('a problem is shown', async () => {
    assert.ok((await change({ name: '' })).ok);
    await person.press(by('sync-client'));
    await page.waitForSelector(by('retry-1004'), { visible: true, timeout: 60_000 });
    await person.says('A value is missing');
    await person.says('1004');
    await person.everybody();
  });
  await person.step('it is mended and tried again', async () => {
    assert.ok((await change({ name: 'Mended AB' })).ok);
    await person.press(by('retry-1004'));
    await page.waitForFunction((id) => !document.querySelector(id), { timeout: 60_000 }, by('retry-1004'));
    await person.says('No problems');
  });
  await person.step('in Swedish', async () => {
    await person.speaks('sv');
    await person.says('API-uppgifter för Kleer');
    await person.tab('status');
    await person.says('Synkstatus');
    await person.everybody();
  });
}
