// The real page in a real browser, against the product on this machine, story by story. Screenshots are kept; axe finds nothing serious;
// no text is cut.
//
//   node browser.mjs --binary target/debug/local [--screenshots FOLDER] [--port 18080] [--only connect,walk,mends,looks,large,guide]

import assert from 'node:assert/strict';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { connect } from './connect.mjs';
import { guide } from './guide.mjs';
import { SCENE, large } from './large.mjs';
import { Person, open, product } from './lib.mjs';
import { looks } from './looks.mjs';
import { EXPECTED, mends } from './mends.mjs';
import { walk } from './walk.mjs';

const { values } = parseArgs({
  options: {
    binary: { type: 'string', default: '../../target/debug/local' },
    screenshots: { type: 'string' },
    port: { type: 'string', default: '18080' },
    only: { type: 'string' },
  },
});

const SMALL = ['--clients', '60', '--products', '10', '--seed', '3'];
const OF_EVERYTHING = [...SMALL, '--invoices', '60', '--agreements', '10', '--projects', '5'];
const STORIES = [
  { name: 'connect', play: connect, scene: SMALL },
  { name: 'walk', play: walk, scene: SMALL },
  { name: 'mends', play: mends, scene: OF_EVERYTHING, expected: EXPECTED },
  { name: 'looks', play: looks, scene: OF_EVERYTHING },
  { name: 'large', play: large, scene: SCENE },
  { name: 'guide', play: guide, scene: SMALL },
];
const wanted = values.only?.split(',');

let passed = 0;
let failed = 0;
for (const { name, play, scene, expected } of STORIES.filter((story) => wanted?.includes(story.name) ?? true)) {
  console.log(name);
  const running = await product(values.binary, Number(values.port), ...scene);
  const { browser, page, complaints } = await open();
  const person = new Person(page, values.screenshots && path.join(values.screenshots, name));
  try {
    await play(running, person);
    assert.deepEqual(
      complaints.filter((complaint) => !expected?.test(complaint)),
      [],
    );
  } catch (error) {
    failed += 1;
    await person.picture('failed').catch(() => undefined);
    console.error(error, complaints);
  }
  passed += person.steps;
  await browser.close();
  await running.stop();
}
console.log(`settings page in a browser: ${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
