// Transactions: the same crash with two and three phases, a saga, a deadlock that is found and broken, a snapshot that adds up.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, button, frame, goToInstant, launch, open, screenshot, SIZES, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const light = ({ verdicts }, name) => verdicts.find((one) => one.name === name).light;
const padlocks = (page) => page.locator('.waits .padlock');

test('the same crash: two phases wait with locked rows, three phases go on', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const at = 9_000_000;
  const two = await goToInstant(page, 'two-phase-commit/coordinator-dies', at);
  assert.ok(probe(two, 'blocked') > 7);
  await until('three rows are locked', async () => (await padlocks(page).count()) === 3);
  const ages = await padlocks(page).locator('.age').allTextContents();
  assert.ok(ages.every((age) => Number.parseFloat(age) > 6), `${ages}`);
  await screenshot(page, 'two-phases-wait');
  const three = await goToInstant(page, 'three-phase-commit/coordinator-dies', at);
  assert.equal(probe(three, 'blocked'), 0);
  await until('no row is locked', async () => (await padlocks(page).count()) === 0);
  const locked = await goToInstant(page, 'three-phase-commit/coordinator-dies', 2_500_000);
  assert.equal(probe(locked, 'locked') > 0, true);
  await screenshot(page, 'three-phases-take-over');
  // A partition is what three phases do not bear.
  const split = await goToInstant(page, 'three-phase-commit/partition', 20_000_000);
  assert.ok('broken' in light(split, 'atomic'));
  assert.deepEqual(complaints, []);
  await close();
});

test('two and three phases stand side by side under the same crash', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#three-phase-commit/coordinator-dies', paused: true });
  await button(page, 'Compare').click();
  const chooser = page.locator('.chooser');
  await chooser.getByLabel('System and scenario').selectOption('two-phase-commit/coordinator-dies');
  await chooser.getByRole('button', { name: 'Compare' }).click();
  const beside = () => page.evaluate(() => JSON.parse(window.__faultline.beside?.frameJson() ?? 'null'));
  await until('two phases beside', async () => (await beside())?.nodes.length === 4);
  await page.evaluate((seconds) => window.__seek.run(seconds), 9);
  const [three, two] = [await frame(page), await beside()];
  assert.equal(probe(three, 'blocked'), 0);
  assert.ok(probe(two, 'blocked') > 5);
  await screenshot(page, 'two-and-three-phases');
  assert.deepEqual(complaints, []);
  await close();
});

test('a deadlock is seen as a circle, found by a probe, and broken', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const on = page.locator('.waits .waiter.on');
  await goToInstant(page, 'deadlock/three-in-a-circle', 3_000_000);
  await until('three wait in a circle', async () => (await on.count()) === 3);
  assert.equal(await page.locator('.waits .waiter').count(), 4, 'a fourth waits beside it');
  const words = page.locator('.mirror li', { hasText: /^T1, T2, T3 wait in a circle/ });
  assert.equal(await words.count(), 1);
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
    await screenshot(page, `deadlock-${name}`);
  }
  await assertAccessible(page);
  const end = await goToInstant(page, 'deadlock/three-in-a-circle', 19_000_000);
  assert.ok(probe(end, 'deadlocks') >= 1);
  await until('nobody waits in a circle', async () => (await on.count()) === 0);
  assert.ok(probe(end, 'committed') >= 3);
  assert.deepEqual(complaints, []);
  await close();
});

test('a snapshot adds up while money flies, and its cut is drawn', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const end = await goToInstant(page, 'snapshot/money-flies', 8_000_000);
  assert.ok(probe(end, 'snapshots') >= 1);
  assert.equal(light(end, 'adds-up'), 'holds');
  await button(page, 'Space-time').click();
  await page.locator('.spacetime').first().waitFor();
  await screenshot(page, 'snapshot-cut');
  const wrong = await goToInstant(page, 'snapshot/balances-only', 8_000_000);
  assert.ok('broken' in light(wrong, 'adds-up'));
  assert.deepEqual(complaints, []);
  await close();
});

test('the money of all banks is metered, and red the moment it is wrong', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const meter = page.locator('.total');
  const text = () => meter.innerText();
  await goToInstant(page, 'two-phase-commit/all-agree', 4_000_000);
  await until('all the money', async () => /300\s+as it should be/.test(await text()));
  assert.equal(await page.locator('.total.wrong').count(), 0);
  await goToInstant(page, 'two-phase-commit/decides-alone', 14_000_000);
  await until('money from nowhere', async () => /of 300: \d+ (too much|missing)/.test(await text()));
  assert.equal(await page.locator('.total.wrong').count(), 1);
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
    await screenshot(page, `money-${name}`);
  }
  // Three phases under a partition make money, too, and a snapshot that does not add up says so.
  await goToInstant(page, 'snapshot/balances-only', 8_000_000);
  await until('a snapshot with a hole', async () => /Money in the snapshot/.test(await text()) && (await page.locator('.total.wrong').count()) === 1);
  assert.deepEqual(complaints, []);
  await close();
});

test('under the same crash a saga locks nothing, and undoes what it cannot finish', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const crashed = await goToInstant(page, 'saga/same-crash', 9_000_000);
  assert.equal(probe(crashed, 'locked'), 0);
  await screenshot(page, 'saga-same-crash');
  const undone = await goToInstant(page, 'saga/car-fails', 9_500_000);
  assert.equal(probe(undone, 'undone'), 1);
  await screenshot(page, 'saga-undone');
  assert.deepEqual(complaints, []);
  await close();
});
