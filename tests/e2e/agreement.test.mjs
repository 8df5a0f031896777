// Agreement among crashes: a duel and its end, a forgotten promise, a deaf follower, and what agreement costs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, goToInstant, launch, open, openTab, screenshot, SIZES, speed, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const broken = ({ verdicts }) => verdicts.filter(({ light }) => light.broken).map(({ name }) => name);

test('two proposers duel for ever, and a random wait ends it', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const duel = await goToInstant(page, 'paxos/duel', 20_000_000);
  assert.equal(probe(duel, 'values-chosen'), 0);
  assert.ok(probe(duel, 'rounds') > 10);
  assert.deepEqual(broken(duel), [], 'nothing wrong is chosen either');
  await screenshot(page, 'agreement-duel');
  const ended = await goToInstant(page, 'paxos/duel', 60_000_000, ['0s switch backoff=on']);
  assert.equal(probe(ended, 'values-chosen'), 1);
  assert.ok(probe(ended, 'rounds') < probe(duel, 'rounds'));
  assert.deepEqual(complaints, []);
  await close();
});

test('an acceptor that forgets its promise lets two values be chosen', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const end = 60_000_000;
  const forgot = await goToInstant(page, 'paxos/forgotten-promise', end);
  assert.equal(probe(forgot, 'values-chosen'), 2);
  assert.ok(broken(forgot).includes('one-value'), broken(forgot).join());
  await openTab(page, 'Measures');
  await assertAccessible(page, 'two values chosen');
  await screenshot(page, 'agreement-two-values');
  const kept = await goToInstant(page, 'paxos/forgotten-promise', end, ['0s switch stable=on']);
  assert.equal(probe(kept, 'values-chosen'), 1);
  assert.deepEqual(complaints, []);
  await close();
});

test('a deaf follower starts election after election, and with PreVote none', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const deaf = await goToInstant(page, 'raft/deaf-follower', 5_000_000);
  const steady = await goToInstant(page, 'raft/deaf-follower-steady', 5_000_000);
  assert.ok(probe(deaf, 'elections') > 10, String(probe(deaf, 'elections')));
  assert.ok(probe(steady, 'elections') <= 2, String(probe(steady, 'elections')));
  assert.ok(probe(steady, 'term') < probe(deaf, 'term'));
  assert.deepEqual(complaints, []);
  await close();
});

const lines = (page, table) =>
  page.locator(table).locator('tbody tr').evaluateAll((rows) =>
    Object.fromEntries(
      rows.map((row) => [row.querySelector('th').textContent, [...row.querySelectorAll('td')].map((cell) => cell.textContent)]),
    ),
  );

test('what a write costs stands beside the formula of the textbook', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'raft/five-writes', 1_900_000);
  await openTab(page, 'Measures');
  const bill = await until('the bill', async () => {
    const seen = await lines(page, '.bill');
    return seen['write: messages'] && seen;
  });
  assert.deepEqual(bill['write: messages'], ['8', '2(n − 1) = 8']);
  assert.deepEqual(bill['write: message delays'], ['2', '2']);
  assert.ok(parseFloat(bill['write: bytes'][0]) > 100);
  // Back in time it is the bill of that instant.
  await goToInstant(page, 'raft/five-writes', 200_000);
  await openTab(page, 'Measures');
  await until('no write is answered yet', async () => (await lines(page, '.bill'))['write: messages']?.[0] === '–');
  await assertAccessible(page, 'the bill');
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('voters change while one of them is cut off, and it disturbs nobody where servers ask first', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const told = await goToInstant(page, 'raft/removed-server', 4_900_000);
  assert.ok(probe(told, 'changes') >= 1);
  assert.deepEqual(broken(told), []);
  const asks = await goToInstant(page, 'raft/removed-server-asks', 4_900_000);
  assert.deepEqual(broken(asks), []);
  assert.ok(probe(asks, 'term') < probe(told, 'term'), `${probe(asks, 'term')} and ${probe(told, 'term')}`);
  assert.deepEqual(complaints, []);
  await close();
});

test('Raft and Multi-Paxos stand side by side, and a write costs the same', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#multi-paxos/steady', paused: true });
  await page.getByRole('button', { name: 'Side by side with Raft', exact: true }).click();
  await until('two runs', async () => (await page.locator('[data-region^="run-"]').count()) === 2);
  await speed(page, 4);
  await openTab(page, 'Measures');
  const costs = await until('both are answered', async () => {
    const seen = await lines(page, '.compared-costs');
    const row = seen['write: messages'];
    return row && !row.includes('–') && parseFloat(row[0]) === 8 && seen;
  });
  assert.deepEqual(costs['write: messages'], ['8', '8', 'same']);
  assert.deepEqual(costs['write: message delays'], ['2', '2', 'same']);
  await screenshot(page, 'agreement-side-by-side');
  assert.deepEqual(complaints, []);
  await close();
});
