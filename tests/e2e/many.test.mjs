// Questions that many runs answer: counted in a worker, with what was counted on the card; and rules that stay
// hidden until they are named.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import { assertAccessible, assertFits, button, frame, launch, open, openTab, SIZES, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const card = (page) => page.locator('.ask-card');
const answer = (page) => page.locator('.ask-answer');
const strip = (page) => card(page).getByRole('slider', { name: /^Random runs/ });
const words = (page) => card(page).innerText();

// A question of a scenario, by its words.
async function asked(scenario, pattern, options = {}) {
  const session = await open(browser, { paced: true, fragment: `#${scenario}`, ...options });
  const { page } = session;
  const guess = button(page, 'Guess first');
  await card(page).or(guess).first().waitFor();
  if ((await card(page).count()) === 0) await guess.click();
  await until('it is the question', async () => {
    if (pattern.test(await words(page))) return true;
    await button(page, 'Question after').click();
    return false;
  });
  return session;
}

async function guess(page, number) {
  await page.getByRole('spinbutton', { name: 'Your guess' }).fill(String(number));
  await button(page, 'Lock in').click();
}

// What the command line counts: `faultline ask cluster/tested`.
const RED = 16;

test('a thousand runs are counted, and a click on the one that broke opens it; the strip stays', async () => {
  const { page, complaints, close } = await asked('cluster/tested', /1,000 runs of one minute/);
  await guess(page, 500);
  await answer(page).waitFor({ timeout: 120_000 });
  assert.match(await words(page), new RegExp(`You said 500 runs\\.\\s+${RED} of 1,000 runs found the bug\\.`));
  assert.match(await words(page), /the right message/, 'the common guess is explained');
  assert.equal(await strip(page).getAttribute('aria-valuemax'), '1000');
  // The keyboard goes to a broken run and opens it, shortly before it breaks.
  await strip(page).focus();
  await page.keyboard.press('PageDown');
  assert.match(await strip(page).getAttribute('aria-valuetext'), /59/);
  await page.keyboard.press('Enter');
  await until('the run is on the stage', async () => (await frame(page)).time > 0);
  const broken = async () => {
    const { verdicts } = await frame(page);
    return verdicts.find(({ name }) => name === 'at-most-once').light.broken !== undefined;
  };
  assert.equal(await broken(), false);
  await strip(page).waitFor();
  await button(page, 'Play').click();
  await until('it breaks', broken);
  // So does the shortest run that was found.
  await card(page).getByRole('button', { name: 'Open on the stage' }).first().click();
  await strip(page).waitFor();
  assert.match(await words(page), /Shortest run: 1 lost message\./);
  assert.deepEqual(complaints, []);
  await close();
});

test('a count that is stopped half-way says how far it came, and can be made again', async () => {
  const { page, complaints, close } = await asked('cluster/tested', /1,000 runs of one minute/);
  await guess(page, 10);
  const done = async () => Number((await words(page)).match(/([\d,]+) of 1,000 done/)?.[1].replace(',', '') ?? 0);
  await until('some runs are done', async () => (await done()) > 5);
  await card(page).getByRole('button', { name: 'Stop', exact: true }).click();
  await answer(page).waitFor();
  assert.match(await words(page), /Stopped after [\d,]+ of 1,000\. So far: \d+ runs?\./);
  await button(page, 'Guess again').click();
  await button(page, 'Lock in').waitFor();
  assert.equal(await strip(page).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('no run of 200 breaks Raft, and without a rule some do', async () => {
  const { page, complaints, close } = await asked('raft/kill-the-leader', /break this cluster 200 times/);
  await guess(page, 10);
  await answer(page).waitFor({ timeout: 60_000 });
  assert.match(await words(page), /In 0 of the 200 runs, two servers disagreed\./);
  await card(page).getByRole('button', { name: 'accept entries that do not fit' }).first().click();
  await guess(page, 0);
  await until('the answer follows the rule', async () => /In [1-9]\d* of the 200 runs/.test(await words(page)), 60_000);
  assert.deepEqual(complaints, []);
  await close();
});

test('the endings of 200 seeds are counted, and one of them opens where it ends', async () => {
  const { page, complaints, close } = await asked('cluster/same-start', /how many different endings/);
  await guess(page, 1);
  await answer(page).waitFor({ timeout: 60_000 });
  assert.match(await words(page), /Different endings in 200 runs: 169\./);
  const first = card(page).getByRole('button', { name: /^Open seed/ }).first();
  const seed = (await first.innerText()).match(/\d+/)[0];
  await first.click();
  await until('its end is on the stage', async () => (await frame(page)).time === 6_000_000);
  assert.match(await words(page), new RegExp(`Open seed ${seed}`), 'the count stays');
  assert.deepEqual(complaints, []);
  await close();
});

test('the states of each mechanism are counted', async () => {
  const { page, complaints, close } = await asked('two-phase-commit/all-agree', /adds the most states/);
  await page.getByRole('radio', { name: /^An uncertain participant/ }).check();
  await button(page, 'Lock in').click();
  await answer(page).waitFor({ timeout: 60_000 });
  const table = card(page).locator('.ask-states');
  assert.match(await words(page), /Participants acknowledge the decision: that adds the most states\./);
  assert.match(await table.innerText(), /None of them\s+3,028/);
  assert.equal(await table.getByRole('row').count(), 5);
  await assertAccessible(page, 'the states');
  assert.deepEqual(complaints, []);
  await close();
});

test('a hidden rule is broken by hand, named, and only then shown', async () => {
  const { page, complaints, close } = await asked('raft/which-rule', /Which of these five rules is missing/);
  assert.match(await words(page), /Make something go wrong: the question comes at that moment/);
  await openTab(page, 'Settings');
  const rule = page.getByLabel('A follower refuses entries that do not fit its log');
  assert.equal(await rule.count(), 0);
  assert.match(await page.locator('.settings').innerText(), /5 rules are hidden, and one of them is off\./);
  await close();
  assert.deepEqual(complaints, []);

  // The same run with faults that break a rule.
  const commands = [
    '600ms loss 0.2', '600ms partition n1,n2,n6|n3,n4,n5,n7,n8', '700ms align ElectionTimeout', '1200ms heal',
  ];
  const recipe = { version: 1, scenario: 'raft/which-rule', seed: '1', commands };
  const packed = deflateRawSync(JSON.stringify({ recipe, cursor: 1_500_000, look: { paused: 'yes' } }));
  const broken = await open(browser, { paused: true, fragment: `#v1.${packed.toString('base64url')}` });
  await openTab(broken.page, 'Question');
  await button(broken.page, 'Play').last().click();
  const choice = broken.page.getByRole('radio', { name: 'A follower refuses entries that do not fit its log' });
  await choice.check();
  await button(broken.page, 'Lock in').click();
  await answer(broken.page).waitFor();
  assert.match(await words(broken.page), /The missing rule: A follower refuses entries that do not fit its log\./);
  await openTab(broken.page, 'Settings');
  assert.equal(await broken.page.getByLabel('A follower refuses entries that do not fit its log').isChecked(), false);
  assert.deepEqual(broken.complaints, []);
  await broken.close();
});

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`a strip on the card fits: ${name}`, async () => {
    const { page, close } = await asked('raft/kill-the-leader', /break this cluster 200 times/, { viewport });
    await guess(page, 10);
    await answer(page).waitFor({ timeout: 60_000 });
    await assertFits(page, name);
    await close();
  });
}
