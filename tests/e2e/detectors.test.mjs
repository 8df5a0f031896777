// Failure detectors: who is called dead, who is only late, and what a group of observers makes of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, goToInstant, launch, open, openTab, playUntil, screenshot, stepUntil, until, frame } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const cells = (page, kind) =>
  page
    .getByRole('region', { name: 'Who thinks what of whom' })
    .locator(`td.${kind}`)
    .evaluateAll((cells) => cells.map((cell) => cell.title));

test('in a slow network a live node is called dead, and taken for alive again', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#heartbeat/slow-network', paused: true });
  const called = await stepUntil(page, 'a false alarm', (seen) => probe(seen, 'false_alarms') >= 1, 3_000);
  assert.ok(called.nodes.every(({ life }) => !life.down), 'nobody has crashed');
  await openTab(page, 'Measures');
  const wrong = await cells(page, 'wrong');
  assert.ok(wrong.some((said) => /thinks that node \d has failed: wrong/.test(said)), wrong.join('; '));
  const flips = probe(called, 'false_alarms');
  await playUntil(page, 'it is believed alive again', (seen) => probe(seen, 'disagree') === 0);
  assert.ok(probe(await frame(page), 'false_alarms') >= flips);
  assert.deepEqual(complaints, []);
  await close();
});

test('one link is cut: two of three are fooled, and a majority is not', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'heartbeat/one-link', 13_000_000);
  await openTab(page, 'Measures');
  await until('both have given the other up', async () => (await cells(page, 'failed')).length === 2);
  assert.deepEqual(await cells(page, 'wrong'), [
    'Node 1 thinks that node 2 has failed: wrong',
    'Node 2 thinks that node 1 has failed: wrong',
  ]);
  await screenshot(page, 'detector-one-link');
  await goToInstant(page, 'heartbeat/one-link-majority', 13_000_000);
  await openTab(page, 'Measures');
  await until('nobody is declared failed', async () => (await cells(page, 'suspected')).length === 2);
  assert.deepEqual(await cells(page, 'failed'), []);
  await assertAccessible(page, 'opinions of a majority');
  assert.deepEqual(complaints, []);
  await close();
});

test('to node 1, a crash, a cut and a pause of node 2 are the same silence', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const opinions = [];
  for (const scenario of ['crash-seen', 'cut-seen', 'pause-seen']) {
    const { nodes } = await goToInstant(page, `heartbeat/${scenario}`, 12_000_000);
    const [first] = nodes;
    opinions.push(JSON.stringify(first.beliefs.peers.filter(([id]) => id === 2)));
  }
  assert.match(opinions[0], /failed/i);
  assert.deepEqual(opinions, [opinions[0], opinions[0], opinions[0]]);
  assert.deepEqual(complaints, []);
  await close();
});

test('a group probes around a cut link, and without that a live node is suspected', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const asked = ({ sent }) => sent.find(([name]) => /^ping-?req$/i.test(name))?.[1] ?? 0;
  const around = await goToInstant(page, 'swim/one-link-cut', 20_000_000);
  assert.ok(asked(around) > 0, JSON.stringify(around.sent));
  assert.equal(probe(around, 'false_suspicions'), 0);
  await screenshot(page, 'detector-around');
  const straight = await goToInstant(page, 'swim/one-link-cut', 20_000_000, ['0s switch indirect=off']);
  assert.equal(asked(straight), 0);
  assert.ok(probe(straight, 'false_suspicions') > 0);
  assert.deepEqual(complaints, []);
  await close();
});
