// Every tab and dialog in both languages, in a window of 1024 pixels and in a narrow one: nothing is cut, nothing serious bars
// anybody, nothing stays in the other language.

import assert from 'node:assert/strict';

import { DEMO_PORTAL, WIDTH, by } from './lib.mjs';

const NARROW = 480;
const TABS = ['general', 'client', 'invoice', 'agreement', 'product', 'line_item', 'project', 'status'];
/** What tells that a tab is there. */
const READY = { general: by('schedule'), status: by('type-client') };
/** Buttons that open a dialog, by their tabs. */
const DIALOGS = {
  general: [by('disconnect')],
  client: [by('add-mapping'), by('edit-name'), by('delete-client-phone')],
  status: [by('resync-client')],
};

export async function looks(product, person) {
  const { page } = person;
  await person.visits(product.address(DEMO_PORTAL));
  for (const language of ['en', 'sv']) {
    await person.step(`every tab and dialog looks right ${language}`, async () => {
      await person.speaks(language);
      for (const tab of TABS) {
        await page.setViewport({ width: WIDTH, height: 900 });
        await person.tab(tab);
        await page.waitForSelector(READY[tab] ?? by('mappings'), { visible: true });
        await person.rests();
        await person.everybody(`${tab} ${language}`);
        await person.picture(`tab-${tab}-${language}`);
        for (const button of DIALOGS[tab] ?? []) await dialog(person, button, `${button} ${language}`);
        await page.setViewport({ width: NARROW, height: 900 });
        await person.everybody(`${tab} ${language}, narrow`);
      }
      await page.setViewport({ width: WIDTH, height: 900 });
    });
  }
}

async function dialog(person, button, where) {
  const { page } = person;
  await person.press(button);
  await page.waitForSelector('dialog[open] h2', { visible: true });
  await person.rests();
  await person.everybody(where);
  await person.picture(`dialog-${where.replaceAll(/[^\w-]+/g, '-')}`);
  await page.keyboard.press('Escape');
  await person.gone('dialog[open]', 5_000);
  // Whoever uses the keyboard is back where they were.
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  assert.equal(focused, 'BUTTON', `focus after ${where}`);
}
