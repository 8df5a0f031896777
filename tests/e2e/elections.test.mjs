// Elections: the stage counts their messages, two leaders show two crowns, and a comparison shows the
// effect of a rule.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  button,
  frame,
  launch,
  leaders,
  node,
  open,
  openTab,
  playUntil,
  screenshot,
  SIZES,
  stage,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const tally = (within) => within.getByRole('list', { name: 'Messages sent so far' });
const words = (within) =>
  tally(within)
    .getByRole('listitem')
    .allTextContents()
    .then((lines) => lines.join(', '));

async function counts(within, what, wanted) {
  let said;
  await until(`${what}: ${wanted}`, async () => (said = await words(within)) === wanted).catch(
    (error) => {
      throw new Error(`${error.message}, but: ${said}`);
    },
  );
}

const over = ({ time }) => time >= 2_000_000;

async function turn(page, rule) {
  await openTab(page, 'Settings');
  const panel = page.getByRole('tabpanel', { name: 'Settings' });
  await panel.getByRole('switch', { name: rule }).check();
  await panel.getByRole('button', { name: 'Restart run' }).click();
}

test('62 messages, then 24, then 6', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#bully/one-election',
    paused: true,
  });
  await counts(page, 'nothing yet', '0 messages');
  await playUntil(page, 'all is said', over);
  await counts(page, 'as written', '62 messages, 15 ELECTION, 15 OK, 32 LEADER');
  await screenshot(page, 'election-62');
  await turn(page, /each election only once \(guard\)/);
  await playUntil(page, 'all is said', over);
  await counts(page, 'guarded', '24 messages, 10 ELECTION, 10 OK, 4 LEADER');
  await turn(page, /asks the highest node first/);
  await playUntil(page, 'all is said', over);
  await counts(page, 'the highest first', '6 messages, 1 ELECTION, 1 OK, 4 LEADER');
  assert.deepEqual(leaders(await frame(page)), [5]);
  assert.deepEqual(complaints, []);
  await close();
});

test('as written beside guarded, and beside a ring', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#bully/one-election',
    paused: true,
  });
  await button(page, 'Compare').click();
  await page.getByRole('button', { name: "The curriculum's program with a guard" }).click();
  const runs = ['A', 'B'].map((letter) => page.getByRole('region', { name: `Run ${letter}` }));
  await playUntil(page, 'all is said', over);
  await counts(runs[0], 'as written', '62 messages, 15 ELECTION, 15 OK, 32 LEADER');
  await counts(runs[1], 'guarded', '24 messages, 10 ELECTION, 10 OK, 4 LEADER');
  await screenshot(page, 'elections-compared');
  await close();

  const ring = await open(browser, { fragment: '#ring-election', paused: true });
  await playUntil(ring.page, 'it has a leader', (seen) =>
    seen.nodes.every((one) => one.beliefs.leader === 5),
  );
  await counts(ring.page, 'on the ring', '14 messages, 9 ELECTION, 5 ELECTED');
  assert.deepEqual([...complaints, ...ring.complaints], []);
  await ring.close();
});

test('two leaders after a split: a heal does not help, a majority does', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#election/two-crowns',
    paused: true,
  });
  const crowns = () => stage(page).locator('.node.leads').count();
  await playUntil(page, 'two leaders', (seen) => seen.time >= 1_000_000 && leaders(seen).length === 2);
  await until('two crowns', async () => (await crowns()) === 2);
  for (const id of [2, 5]) {
    assert.match(await node(page, id).getAttribute('aria-label'), /leader.*thinks it is the leader/i);
  }
  // Beliefs, on the stage and in words.
  assert.equal(await stage(page).getByText('Follows node 2', { exact: true }).count(), 1);
  assert.equal(await stage(page).getByText('Follows node 5', { exact: true }).count(), 2);
  assert.match(await node(page, 1).getAttribute('aria-label'), /thinks node 2 is the leader/);
  assert.match(await node(page, 4).getAttribute('aria-label'), /thinks node 5 is the leader/);
  for (const side of ['A', 'B']) {
    await stage(page).getByText(new RegExp(`^Side ${side} · `)).waitFor();
  }
  await screenshot(page, 'two-crowns');
  await playUntil(page, 'healed', (seen) => seen.time >= 4_000_000 && seen.sides.length === 0);
  assert.equal(await crowns(), 2, 'nobody tells them');
  await turn(page, /support of a majority/);
  await playUntil(page, 'the same again', (seen) => seen.time >= 1_500_000);
  assert.deepEqual(leaders(await frame(page)), [5], 'two of five are no majority');
  assert.deepEqual(complaints, []);
  await close();
});

test('two leaders end with the partition if nodes send heartbeats', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#bully/two-leaders',
    paused: true,
  });
  await playUntil(page, 'two leaders', (seen) => leaders(seen).length === 2);
  await playUntil(
    page,
    'one leader again',
    (seen) => seen.sides.length === 0 && seen.nodes.every((one) => one.beliefs.leader === 5),
  );
  assert.deepEqual(complaints, []);
  await close();
});

test('a token carries its number', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#ring-election', paused: true });
  await button(page, 'Step forward').click();
  const seen = new Set();
  for (let i = 0; i < 12; i += 1) {
    for (const text of await page.locator('.flight .letter').allTextContents()) seen.add(text);
    await button(page, 'Step forward').click();
  }
  for (const number of ['1', '2', '3', '4', '5']) assert.ok(seen.has(number), `${number} in ${[...seen]}`);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [name, size] of Object.entries(SIZES)) {
  test(`the count covers no node: ${name}`, async () => {
    const { page, complaints, close } = await open(browser, {
      fragment: '#bully/one-election',
      paused: true,
      viewport: size,
    });
    await playUntil(page, 'all is said', over);
    const count = await tally(page).boundingBox();
    for (const id of [1, 2, 3, 4, 5]) {
      const body = await node(page, id).boundingBox();
      const apart =
        body.x > count.x + count.width ||
        body.x + body.width < count.x ||
        body.y > count.y + count.height ||
        body.y + body.height < count.y;
      assert.ok(apart, `node ${id}: ${JSON.stringify([body, count])}`);
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}
