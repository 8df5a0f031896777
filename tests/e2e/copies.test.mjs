// Copies of data: two sides write one key, and what each rule leaves of it after the heal; a store that
// refuses and one that answers, side by side under one cut; an old answer that the judge names.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  frame,
  launch,
  now,
  open,
  openTab,
  play,
  playUntil,
  speed,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const settings = (page) => page.getByRole('tabpanel', { name: 'Settings' });
const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const lesson = (page) => page.locator('.lesson');

// What each node shows of x, without its version.
const values = ({ nodes }) =>
  nodes.map(({ chips }) => chips.map((chip) => /^x = ([^(]*)/.exec(chip)?.[1].trim()).find(Boolean) ?? 'nothing');

async function choose(page, label, word) {
  await openTab(page, 'Settings');
  await settings(page).getByLabel(label).selectOption(word);
}

async function restart(page) {
  const again = settings(page).getByRole('button', { name: 'Restart run' });
  if ((await again.count()) > 0) await again.click();
  await until('it stands at the beginning', async () => (await now(page)) === 0);
}

test('two sides write one key, and each rule leaves something else after the heal', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#kv/both-sides', paused: true });
  const healed = () => playUntil(page, 'it is healed', ({ time }) => time >= 7_800_000);
  // As written: nobody compares, so the values stay different.
  const cut = await playUntil(page, 'both sides have written', ({ time }) => time >= 2_500_000);
  assert.deepEqual(values(cut), ['A', 'B', 'B']);
  const written = await healed();
  assert.deepEqual(values(written), ['A', 'B', 'B']);
  assert.equal(probe(written, 'distinct-values'), 2);
  await choose(page, 'Preset', 'correct');
  for (const [rule, left, lost] of [
    ['last-write', 'B', 1],
    ['node-id', 'B', 1],
    ['siblings', 'A or B', 0],
    ['merge', 'A,B', 0],
  ]) {
    await choose(page, 'What becomes of a conflict', rule);
    await restart(page);
    const seen = await healed();
    assert.deepEqual(values(seen), [left, left, left], rule);
    assert.equal(probe(seen, 'lost-writes'), lost, rule);
    // The lost write is seen beside the stage, too.
    await openTab(page, 'Measures');
    const number = page.locator('.numbers dt[title="lost-writes"] + dd + dd');
    assert.match(await number.innerText(), new RegExp(`^${lost} `), rule);
  }
  await assertAccessible(page, 'after the heal');
  await assertFits(page, 'after the heal');
  assert.deepEqual(complaints, []);
  await close();
});

const answered = ({ operations }) => operations.filter(({ ok }) => ok).length;

for (const { name, refuses, step, answers } of [
  { name: 'three against one', step: /^Three against one/, refuses: 7, answers: 9 },
  { name: 'two against two', step: /^Other cuts/, refuses: 1, answers: 9 },
]) {
  test(`${name}: one click from the lesson, refusing and answering nodes stand side by side`, async () => {
    const { page, complaints, close } = await open(browser, { query: 'lesson=activity-5&step=1' });
    await lesson(page).waitFor();
    const title = () => page.locator('#lesson-step').innerText();
    while (!step.test(await title())) {
      const before = await title();
      await button(page, 'Next step').click();
      await until('the next step is open', async () => (await title()) !== before);
    }
    await lesson(page).getByRole('button', { name: /^Compare with: / }).click();
    await until('both runs are there', () => page.evaluate(() => Boolean(window.__faultline.beside?.frameJson())));
    await speed(page, 4);
    const [here, there] = await until('all have been asked', async () => {
      // The question of the step comes while the run goes on.
      for (const name of ['Just watch', 'Play']) {
        const own = button(page, name).first();
        // It may go away meanwhile.
        if (await own.isVisible()) await own.click({ timeout: 1_000 }).catch(() => {});
      }
      const both = await page.evaluate(() =>
        [window.__faultline.frameJson(), window.__faultline.beside.frameJson()].map(JSON.parse),
      );
      const done = ({ operations }) => operations.length === 9 && operations.every(({ ok }) => ok !== null);
      return both.every(done) && both;
    });
    assert.equal(here.time, there.time, 'one clock');
    assert.deepEqual([answered(here), answered(there)], [refuses, answers]);
    assert.equal(await page.locator('.stage-pane').count(), 2);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('an old answer of a node that answers is named, and the jump leads to it', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#cap/cut-answer', paused: true });
  await openTab(page, 'History');
  await speed(page, 3);
  await play(page);
  const light = page.locator('.history .light').first();
  await until('an old answer is named', async () =>
    /^Broken: Linearizable/.test((await light.locator('.light-title').innerText()).trim()),
  );
  await page.keyboard.press('Space');
  assert.match(await light.innerText(), /Node \d+ read .* although .* before this read began\./);
  const go = light.getByRole('button', { name: /^Go to .* s, where it broke$/ });
  const at = Number((await go.innerText()).match(/[\d.]+/)[0]);
  await go.click();
  await until('time stands at the answer', async () => Math.abs((await now(page)) / 1e6 - at) < 0.001);
  const { time, operations } = await frame(page);
  assert.ok(operations.some(({ completed }) => completed === time), 'an answer comes at this instant');
  assert.deepEqual(complaints, []);
  await close();
});

test('a client moves to its own region, and the slowest answers take 215 ms less', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#kv/regions', paused: true });
  await playUntil(page, 'it has moved', ({ time }) => time >= 7_900_000);
  const seen = await untilFrame(page, 'the measure is there', (seen) => probe(seen, 'saved') !== null);
  assert.ok(Math.abs(probe(seen, 'saved') - 215) < 0.5, `${probe(seen, 'saved')}`);
  assert.deepEqual(complaints, []);
  await close();
});

test('three stores are put in order, and runs of each decide', async () => {
  const { page, complaints, close } = await open(browser, { query: 'lesson=databases-in-a-cut&step=4' });
  await lesson(page).waitFor();
  await button(page, 'Lock in').click();
  const rows = page.locator('.ask-states tbody tr');
  await until('all are measured', async () => (await rows.count()) === 3);
  const [one, mongodb, cockroachdb] = await until('with their means', async () => {
    const told = await rows.locator('td').allInnerTexts();
    return told.every((text) => /\d/.test(text)) && told.map((text) => Number.parseFloat(text));
  });
  assert.ok(one > mongodb && mongodb > cockroachdb, `${one}, ${mongodb}, ${cockroachdb}`);
  await assertAccessible(page, 'the means');
  assert.deepEqual(complaints, []);
  await close();
});
