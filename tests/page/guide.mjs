// The user guide in both languages: every page can be reached from the first, nothing serious bars anybody, nothing is cut, in a window
// of 1024 pixels and in a telephone's.

import assert from 'node:assert/strict';

import { WIDTH } from './lib.mjs';

const TELEPHONE = 380;

export async function guide(product, person) {
  const { page } = person;
  const first = new URL('docs', product.address(1)).href.split('?')[0];
  for (const language of ['en', 'sv']) {
    await person.step(`every page of the guide ${language}`, async () => {
      await page.setViewport({ width: WIDTH, height: 900 });
      await page.goto(`${first}/${language}`);
      const pages = await page.$$eval('.pages .wide a', (links) => links.map((link) => link.href));
      assert.ok(pages.length > 20, `${pages.length} pages`);
      for (const one of pages) {
        const answer = await page.goto(one);
        assert.equal(answer?.status(), 200, one);
        await person.everybody(one);
        await page.setViewport({ width: TELEPHONE, height: 800 });
        await person.everybody(`${one}, narrow`);
        await page.setViewport({ width: WIDTH, height: 900 });
      }
    });
  }
  await person.step('the other language keeps the page', async () => {
    await page.goto(`${first}/en/invoices`);
    await Promise.all([page.waitForNavigation(), page.click('.language')]);
    assert.ok(page.url().endsWith('/docs/sv/invoices'), page.url());
    assert.equal(await page.$eval('h1', (title) => title.textContent), 'Fakturor');
  });
  await person.step('all pages are at hand on a telephone', async () => {
    await page.setViewport({ width: TELEPHONE, height: 800 });
    await page.click('.pages summary');
    await Promise.all([page.waitForNavigation(), page.click('.pages details a[href="/docs/sv/clients"]')]);
    assert.equal(await page.$eval('h1', (title) => title.textContent), 'Kunder');
  });
}
