// From *Install* to the first synchronized client, by somebody who counts: at most six clicks and two pasted values.

import assert from 'node:assert/strict';

import { PORTAL, by, pause } from './lib.mjs';

/** In HubSpot itself: *Install app* in the marketplace, and the button of the consent page. */
const IN_HUBSPOT = 2;

export async function walk(product, person) {
  const { page } = person;
  await person.step('from install to the first client', async () => {
    await product.install(PORTAL);
    await person.visits(product.address(PORTAL));
    await page.evaluate(() => {
      globalThis.clicks = 0;
      document.addEventListener('click', (event) => (globalThis.clicks += event.isTrusted && event.detail > 0 ? 1 : 0), true);
    });
    let pasted = 0;
    const paste = async (text) => {
      pasted += 1;
      await page.keyboard.sendCharacter(text);
    };
    await page.waitForSelector('input[name="company_id"]', { visible: true });
    await page.click('input[name="company_id"]');
    await paste('1');
    await page.keyboard.press('Tab');
    await paste('demo-key');
    await page.click(by('terms'));
    await page.click(by('save-credentials'));
    await page.waitForSelector(by('switch-on-clients'), { visible: true });
    await person.everybody('the next step');
    await page.click(by('switch-on-clients'));
    await person.gone(by('next-step'));
    const clicks = IN_HUBSPOT + (await page.evaluate(() => globalThis.clicks));
    await firstClient(product);
    console.log(`    ${clicks} clicks, ${pasted} pasted values`);
    assert.ok(clicks <= 6, `${clicks} clicks`);
    assert.ok(pasted <= 2, `${pasted} pasted values`);
  });
}

async function firstClient(product) {
  const until = Date.now() + 90_000;
  for (;;) {
    const { data } = await product.ask(PORTAL, 'status', {});
    const clients = data?.objects.find((one) => one.object === 'client');
    if (clients?.counts.created > 0) return;
    assert.ok(Date.now() < until, 'no client came');
    await pause(500);
  }
}
