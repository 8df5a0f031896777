// A thousand nodes: a rumour spreads, 30 % of the nodes are killed, and all others hear of it. And few
// nodes that wait for one: two-phase commit, blocked by a dead coordinator and freed by its return.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  button,
  caption,
  frame,
  goToInstant,
  launch,
  node,
  open,
  playUntil,
  screenshot,
  SIZES,
  stage,
  stateHash,
  strike,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const informed = (seen) => seen.probes.find(({ name }) => name === 'informed').value;
const curve = (page) => stage(page).getByRole('img', { name: /live nodes have data/ });

const label = (page, id) => node(page, id).getAttribute('aria-label');

// What the tiles and the curve show must be what the run says.
async function assertShown(page) {
  const seen = await frame(page);
  const live = seen.nodes.filter(({ life }) => !life.down);
  const down = await page.locator('.tile.down').count();
  assert.equal(down, seen.nodes.length - live.length, 'crashed tiles');
  const knowing = live.filter(({ tone }) => tone === 'good').length;
  assert.equal(await page.locator('.tile.good:not(.down)').count(), knowing, 'tiles that know');
  const said = await curve(page).getAttribute('aria-label');
  assert.ok(said.startsWith(`${knowing} of ${live.length} `), `${said}: ${knowing} of ${live.length}`);
  assert.ok(Math.abs(informed(seen) - (100 * knowing) / live.length) < 0.01);
  return { knowing, live: live.length, said };
}

test('a rumour goes through 1,000 nodes while 30 % are killed', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#gossip/rumour-of-a-thousand',
    paused: true,
  });
  await goToInstant(page, 'gossip/rumour-of-a-thousand', 4_400_000);
  assert.equal(await page.locator('.tile').count(), 1000);
  const before = await assertShown(page);
  assert.ok(before.knowing > 1 && before.knowing < 900, `${before.knowing} know`);
  const hash = await stateHash(page);

  await button(page, 'More faults').click();
  await page.getByRole('button', { name: 'Crash 30 %' }).click();
  await page.keyboard.press('Escape');
  await until('300 are down', async () => (await page.locator('.tile.down').count()) === 300);
  const killed = await assertShown(page);
  assert.equal(killed.live, 700);
  await screenshot(page, 'crowd-killed');

  await playUntil(page, 'all others know', (seen) => informed(seen) === 100);
  const all = await until('it is drawn', async () => {
    const shown = await assertShown(page).catch(() => undefined);
    return shown?.knowing === 700 && shown;
  });
  assert.match(all.said, /^700 of 700 live nodes have data, half after \d/);
  await until('it says so', async () => /All 700 live nodes/.test(await caption(page).first().textContent()));
  await screenshot(page, 'crowd-all');

  // Undone, and nobody has been killed.
  await button(page, 'Undo').click();
  await goToInstant(page, 'gossip/rumour-of-a-thousand', 4_400_000);
  assert.equal(await stateHash(page), hash);
  assert.deepEqual(complaints, []);
  await close();
});

test('all crashed nodes come back at once', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#gossip/three-keys',
    paused: true,
    viewport: SIZES.phone,
  });
  await button(page, 'More faults').click();
  assert.ok(await page.getByRole('button', { name: 'Restart all' }).isDisabled());
  await page.getByRole('button', { name: 'Crash 30 %' }).click();
  const down = async () => (await frame(page)).nodes.filter(({ life }) => life.down).length;
  await until('two of five are down', async () => (await down()) === 2);
  await page.getByRole('button', { name: 'Restart all' }).click();
  await until('all are up', async () => (await down()) === 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a dead coordinator blocks three rows, and its return frees them', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#two-phase-commit/all-agree',
    paused: true,
  });
  const blocked = (seen) => seen.probes.find(({ name }) => name === 'blocked').value;
  const voted = (seen) => seen.sent.some(([kind, count]) => kind === 'Vote' && count === 3);
  await playUntil(page, 'all have voted', voted, 0);
  await strike(page, 1).click();
  await until('they wait', async () => /must wait/.test(await caption(page).first().textContent()));
  for (const id of [2, 3, 4]) assert.match(await label(page, id), /locked by T1/);
  await screenshot(page, 'commit-blocked');
  const crashed = (await frame(page)).time;
  await playUntil(page, 'eight seconds later', ({ time }) => time >= crashed + 8_000_000);
  const waited = await frame(page);
  assert.ok(blocked(waited) >= 8, `${blocked(waited)} s`);
  for (const id of [2, 3, 4]) assert.match(await label(page, id), /locked by T1/);

  await strike(page, 1).click();
  // Its votes were lost with it, so it decides anew: either way, all rows are free.
  const decided = (seen) =>
    ['committed', 'aborted'].some((of) => seen.probes.find(({ name }) => name === of).value === 1);
  await playUntil(page, 'it is decided', (seen) => decided(seen) && seen.messages.length === 0);
  const end = await frame(page);
  for (const id of [2, 3, 4]) assert.doesNotMatch(await label(page, id), /locked/);
  // Blocked for exactly as long as the coordinator was away.
  assert.ok(blocked(end) >= 8 && blocked(end) <= (end.time - crashed) / 1e6);
  assert.equal(end.probes.find(({ name }) => name === 'total').value, 300);
  assert.deepEqual(complaints, []);
  await close();
});
