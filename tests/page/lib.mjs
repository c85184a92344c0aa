// What the stories in a browser have in common: the product with its pretend services, a browser, and somebody who uses the page.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import chromium from '@sparticuz/chromium';
import puppeteer from 'puppeteer-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The narrowest window in which no text may be cut. */
export const WIDTH = 1024;
/** A portal that nobody has connected yet, beside the demo's. */
export const PORTAL = 4243;
/** The demo's own. */
export const DEMO_PORTAL = 4242;

export const by = (id) => `[data-test-id="${id}"]`;

/** Starts the product with a demo company, and waits until it answers. */
export async function product(binary, port, ...scene) {
  const address = `http://127.0.0.1:${port}/`;
  const demo = spawn(binary, ['demo', '--port', String(port), ...scene], { stdio: ['ignore', 'ignore', 'inherit'] });
  const until = Date.now() + 120_000;
  while (!(await fetch(`${address}health`).catch(() => null))?.ok) {
    assert.ok(demo.exitCode === null, 'the demo ended before it was ready');
    assert.ok(Date.now() < until, 'the demo is not ready after two minutes');
    await pause(200);
  }
  const kleer = `http://127.0.0.1:${port + 1}/_sim`;
  const hubspot = `http://127.0.0.1:${port + 2}/_sim`;
  const json = (url, method, body) =>
    fetch(url, { method, headers: { 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
  return {
    kleer: (method, where, body) => json(`${kleer}/${where}`, method, body),
    hubspot: (method, where, body) => json(`${hubspot}/${where}`, method, body),
    /** Comes from the marketplace and consents; at the end HubSpot's own pages would open, which are not here. */
    async install(portal) {
      const consented = await fetch(`${hubspot}/oauth/install?portal=${portal}`, { redirect: 'manual' });
      await fetch(consented.headers.get('location'), { redirect: 'manual' });
    },
    /** Asks as the page does, signed by the local server. */
    async ask(portal, operation, request) {
      const answer = await json(`${address}page/fetch/settings/${operation}?portal=${portal}`, 'POST', {
        ...request,
        request: Math.random().toString(36),
      });
      return answer.json();
    },
    address: (portal) => `${address}?portal=${portal}`,
    async stop() {
      demo.kill('SIGINT');
      if (demo.exitCode === null) await new Promise((resolve) => demo.once('exit', resolve));
    },
  };
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A browser with one window, and what went wrong in it. */
export async function open() {
  const browser = await puppeteer.launch({
    args: [...chromium.args, '--no-sandbox'],
    executablePath: await chromium.executablePath(),
    headless: 'shell',
    defaultViewport: { width: WIDTH, height: 900 },
  });
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { browser, page, complaints };
}

/** Somebody at the page. */
export class Person {
  constructor(page, screenshots) {
    this.page = page;
    this.screenshots = screenshots;
    this.steps = 0;
    if (screenshots) mkdirSync(screenshots, { recursive: true });
  }

  async step(name, what) {
    await what();
    this.steps += 1;
    await this.picture(`${String(this.steps).padStart(2, '0')}-${name}`);
    console.log(`  ${name}`);
  }

  async picture(name) {
    if (!this.screenshots) return;
    await this.page.screenshot({ path: path.join(this.screenshots, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
  }

  /** Opens the page. It may have to be built first; the page that says so loads itself again. */
  async visits(address, language = 'en') {
    await this.page.goto(address);
    await this.page.waitForSelector('[role="tablist"]', { timeout: 240_000 });
    await this.speaks(language);
  }

  async speaks(language) {
    await this.page.evaluate((chosen) => localStorage.setItem('language', chosen), language);
    await this.page.reload({ waitUntil: 'networkidle2' });
    await this.page.waitForSelector('[role="tablist"]');
  }

  says(text, timeout = 20_000) {
    return this.page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { timeout }, text);
  }

  tab(id) {
    return this.page.click(`[data-tab="${id}"]`);
  }

  async press(selector, timeout = 20_000) {
    await this.page.waitForSelector(`${selector}:not([disabled])`, { visible: true, timeout });
    await this.page.click(selector);
  }

  async types(selector, text) {
    await this.page.waitForSelector(selector, { visible: true });
    await this.page.click(selector, { count: 3 });
    await this.page.keyboard.press('Backspace');
    await this.page.type(selector, text);
  }

  async chooses(selector, label) {
    await this.page.waitForFunction(
      (select, wanted) => [...(document.querySelector(select)?.options ?? [])].some((one) => one.textContent.includes(wanted)),
      {},
      selector,
      label,
    );
    const value = await this.page.$eval(
      selector,
      (select, wanted) => [...select.options].find((one) => one.textContent.includes(wanted)).value,
      label,
    );
    await this.page.select(selector, value);
  }

  value(selector) {
    return this.page.$eval(selector, (input) => input.value);
  }

  /** Waits until nothing is being asked for any more. */
  rests() {
    return this.page.waitForFunction(() => !document.querySelector('.loading, [aria-busy="true"]'));
  }

  /** Waits until something is there no more. */
  gone(selector, timeout = 60_000) {
    return this.page.waitForFunction((id) => !document.querySelector(id), { timeout }, selector);
  }

  /** Nothing serious bars anybody, nothing is wider than the window, no text is cut. */
  async everybody(where = '') {
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    });
    assert.deepEqual(found, [], where);
    await this.nothingCut(where);
  }

  async nothingCut(where = '') {
    const cut = await this.page.evaluate((width) => {
      const wide = document.documentElement.scrollWidth - window.innerWidth;
      const found = wide > 0 ? [`the page is ${wide} pixels wider than the window`] : [];
      // Text of a control is cut without any element being too wide: it is measured.
      const pen = document.createElement('canvas').getContext('2d');
      for (const one of document.body.querySelectorAll('*')) {
        const style = getComputedStyle(one);
        if (one.closest('.unseen') || style.visibility === 'hidden' || one.getClientRects().length === 0) continue;
        // In a narrow window a table may be moved sideways.
        const scrolls = ['auto', 'scroll'].includes(style.overflowX) && window.innerWidth < width;
        const hides = style.overflowX !== 'visible' && !scrolls && !['SELECT', 'INPUT', 'OPTION', 'HTML', 'BODY'].includes(one.tagName);
        const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== '');
        if ((own || hides) && one.scrollWidth > one.clientWidth + 1 && style.display !== 'inline') {
          found.push(`${one.tagName.toLowerCase()}.${one.className}: ${one.innerText.slice(0, 60)}`);
        }
        if (one.tagName === 'SELECT' || (one.tagName === 'INPUT' && one.placeholder)) {
          pen.font = style.font;
          const text = one.tagName === 'SELECT' ? (one.selectedOptions[0]?.textContent ?? '') : one.placeholder;
          const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
          if (pen.measureText(text).width > room) found.push(`${one.tagName.toLowerCase()} ${one.name}: ${text}`);
        }
      }
      return found;
    }, WIDTH);
    assert.deepEqual(cut, [], `cut: ${where}`);
  }
}
