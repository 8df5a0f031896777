// Kept and compared runs: forks, two stages under one clock, differences, fair tests.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  SIZES,
  assertAccessible,
  assertFits,
  button,
  frame,
  launch,
  leaders,
  hear, live,
  now,
  open,
  openTab,
  play,
  playUntil,
  screenshot,
  smallTargets,
  speed,
  pause,
  strike,
  until,
} from './page.mjs';

// A scenario that names another algorithm's to compare with.
const PAIR = '#raft/same-split';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// ---- the other run ----

const beside = async (page) => {
  const json = await page.evaluate(() => window.__faultline.beside.frameJson());
  return json && JSON.parse(json);
};
const both = async (page) => [await frame(page), await beside(page)];
const stageOf = (page, letter) => page.getByRole('group', { name: `Stage of Run ${letter}` });
const strikeIn = (page, letter, id) =>
  stageOf(page, letter).getByRole('button', { name: new RegExp(`^(Crash|Restart) node ${id}$`) });
const compareDoor = (page) => page.locator('.top').getByRole('button', { name: 'Compare' });
const difference = (page) => page.getByRole('button', { name: /^First difference at/ });
const chooser = (page) => page.getByRole('dialog', { name: 'Compare with' });
const isDown = (seen, id) => Boolean(seen.nodes[id - 1].life.down);

// A run with a fork: node 5 crashed, then back to the start and node 1 crashed instead.
async function forked(page) {
  await strike(page, 5).click();
  await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  await page.getByRole('slider', { name: 'Timeline' }).press('Home');
  await strike(page, 1).click();
}

// Two presets in a comparison.
async function presets(page, name) {
  await compareDoor(page).click();
  await chooser(page).getByRole('button', { name, exact: true }).click();
  await page.locator('.stage-pane').nth(1).waitFor({ state: 'attached' });
}

const AS_WRITTEN = "The curriculum's program";
const GUARDED = "The curriculum's program with a guard";

test('scrub back, act, compare, and go to the first difference', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await forked(page);
  const toast = page.locator('.toast');
  assert.match(await toast.innerText(), /^Forked at 0\.00 s\. Run A is kept; this is run B\./);
  await toast.getByRole('button', { name: 'Compare' }).click();
  await stageOf(page, 'A').waitFor();
  await stageOf(page, 'B').waitFor();
  let [here, there] = await both(page);
  assert.equal(here.time, there.time, 'the same instant');
  assert.ok(isDown(here, 1) && !isDown(there, 1));

  await playUntil(page, 'two seconds', (seen) => seen.time > 2_000_000);
  [here, there] = await both(page);
  assert.equal(here.time, there.time, 'one clock');
  assert.match(await difference(page).innerText(), /^\s*First difference at 0\.00 s/);
  await difference(page).click();
  assert.equal(await now(page), 0);
  assert.equal((await beside(page)).time, 0);
  await hear(page, /First difference at 0\.00 s/);
  // Node 1 is down in one of them: it has an outline and a note.
  await stageOf(page, 'A').getByRole('button', { name: /^Node 1,.*differs from the other run/ }).waitFor();
  assert.equal(await page.locator('.stage-pane .differs').count(), 2);

  await button(page, 'Close comparison').click();
  assert.equal(await page.locator('.stage-pane').count(), 1);
  assert.deepEqual(complaints, []);
  await close();
});

test('actions in one run are mirrored in the other, until mirroring is off', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await presets(page, AS_WRITTEN);
  await strikeIn(page, 'B', 5).click();
  let [here, there] = await both(page);
  assert.ok(isDown(here, 5) && isDown(there, 5));
  assert.equal(here.nodes[4].life.down.since, there.nodes[4].life.down.since);
  // One Undo reverts both.
  await button(page, 'Undo').click();
  [here, there] = await both(page);
  assert.ok(!isDown(here, 5) && !isDown(there, 5));
  assert.equal(here.time, there.time);

  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Mirror faults', pressed: false }).waitFor();
  await strikeIn(page, 'A', 4).click();
  [here, there] = await both(page);
  assert.ok(isDown(here, 4) && !isDown(there, 4));

  // Now the faults differ as well as the rules.
  await page.getByText('Not a fair test: faults differ').waitFor();
  await button(page, 'Make fair').click();
  await until('both have node 4 down', async () => (await both(page)).every((seen) => isDown(seen, 4)));
  assert.equal(await page.getByText(/^Not a fair test/).count(), 0);
  await close();
});

test('a mirrored fault without a counterpart is named', async () => {
  const { page, close } = await open(browser, { fragment: '#raft', paused: true });
  await page.keyboard.press('c');
  await chooser(page).getByLabel('System and scenario').selectOption('bully/kill-the-leader');
  await chooser(page).getByRole('button', { name: 'Compare' }).click();
  await stageOf(page, 'B').waitFor();
  const most = (await both(page)).map((seen) => seen.nodes.length);
  assert.equal(most[1], 5, 'bully has five nodes');
  // One more node in only one run.
  await page.keyboard.press('m');
  await button(page, 'More faults').click();
  await button(page, 'Add node').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  const last = most[0] + 1;
  await strikeIn(page, 'A', last).click();
  await page.getByText(`Not repeated in run B: there is no n${last}.`, { exact: true }).waitFor();
  await hear(page, /Not repeated in run/);
  await button(page, 'Dismiss this note').click();
  assert.equal(await page.locator('.chip.unmatched').count(), 0);
  await close();
});

test('another seed is not a fair test, and one press makes it one', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await compareDoor(page).click();
  await chooser(page).getByRole('button', { name: /^Another seed/ }).click();
  await page.getByText('Not a fair test: seeds differ').waitFor();
  await button(page, 'Make fair').click();
  await until('no chip', async () => (await page.getByText(/^Not a fair test/).count()) === 0);
  await hear(page, /now a fair test/);
  await playUntil(page, 'a second', (seen) => seen.time > 1_000_000);
  await page.getByText('No difference so far').waitFor();
  await close();
});

test('probes and rules of two protocols are in one table', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await presets(page, GUARDED);
  await openTab(page, 'Measures');
  const table = page.locator('.compared-probes');
  const sent = table.getByRole('row', { name: /^Messages sent/ });
  await sent.waitFor();
  const cells = await sent.getByRole('cell').allInnerTexts();
  const [a, b] = cells.map((cell) => Number.parseInt(cell, 10));
  const expected = a === b ? 'same' : `${b > a ? '+' : '−'}${Math.abs(b - a)}`;
  assert.equal(cells[2], expected);

  await button(page, 'Change').click();
  await chooser(page).getByLabel('System and scenario').selectOption('raft/kill-the-leader');
  await chooser(page).getByRole('button', { name: 'Compare' }).click();
  await until('raft beside', async () =>
    (await beside(page))?.probes.some((probe) => probe.name === 'term'),
  );
  const [here, there] = await both(page);
  const names = new Set([...here.probes, ...there.probes].map((probe) => probe.name));
  assert.equal(await table.locator('tbody tr').count(), names.size, 'all of both, once each');
  await speed(page, 4);
  await play(page);
  await until('time passes', async () => (await now(page)) > 6_000_000);
  await pause(page);
  const [left, right] = await both(page);
  assert.equal(left.time, right.time);
  assert.deepEqual(complaints, []);
  await close();
});

test('a phone shows one run at a time, and the other at the same instant', async () => {
  const { page, close } = await open(browser, {
    fragment: BULLY,
    paused: true,
    viewport: SIZES.phone,
    hasTouch: true,
  });
  await presets(page, AS_WRITTEN);
  await playUntil(page, 'a while', (seen) => seen.time > 4_000_000);
  assert.ok(await stageOf(page, 'A').isVisible());
  assert.ok(!(await stageOf(page, 'B').isVisible()));
  const here = await frame(page);
  await button(page, 'Show run B').click();
  assert.ok(await stageOf(page, 'B').isVisible());
  assert.ok(!(await stageOf(page, 'A').isVisible()));
  assert.equal((await frame(page)).time, here.time);
  assert.deepEqual(await smallTargets(page, 44), []);
  await close();
});

test('runs are renamed and deleted, and a replaced run can come back', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  const slider = page.getByRole('slider', { name: 'Timeline' });
  await strike(page, 5).click();
  await playUntil(page, 'a while', (seen) => seen.time > 5_000_000);
  for (const id of [1, 2, 3]) {
    await slider.press('Home');
    await strike(page, id).click();
    await playUntil(page, 'a while', (seen) => seen.time > 2_000_000);
  }
  assert.equal(await page.locator('.runs .letter').count(), 4);
  await openTab(page, 'Settings');
  const name = page.getByLabel('Name of run A');
  await name.fill('king killed');
  await name.press('Enter');
  await page.getByRole('button', { name: 'Go to run A (king killed)' }).waitFor();

  await slider.press('Home');
  const before = await frame(page);
  await strike(page, 4).click();
  await page.locator('.kept').getByText(/^Run B was replaced/).waitFor();
  assert.equal(await page.locator('.runs .letter').count(), 4);
  await page.locator('.kept').getByRole('button', { name: 'Undo' }).click();
  const back = await frame(page);
  assert.equal(back.time, before.time);
  assert.ok(!isDown(back, 4), 'the act is undone');
  // Run D has its old future, and B is back.
  await button(page, 'Back to live').click();
  assert.ok((await now(page)) > 2_000_000);
  await button(page, 'Delete run B').click();
  assert.equal(await page.locator('.runs .letter').count(), 3);
  await page.getByRole('button', { name: 'Go to run A (king killed)' }).click();
  assert.ok(isDown(await frame(page), 5));
  await close();
});

test('a click on a mark of another run goes there', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await forked(page);
  await playUntil(page, 'a second', (seen) => seen.time > 1_000_000);
  const mark = await page.locator('.strip .mark.broken').first().boundingBox();
  await page.mouse.click(mark.x + mark.width / 2, mark.y + mark.height / 2);
  const seen = await frame(page);
  assert.ok(isDown(seen, 5) && !isDown(seen, 1), 'the run in which node 5 crashed');
  assert.equal(seen.nodes[4].life.down.since, seen.time);
  await close();
});

test('all of it by keyboard', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await page.keyboard.press('5');
  await page.keyboard.press('x');
  await page.keyboard.press('End');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Home');
  await page.keyboard.press('f');
  await hear(page, /Forked at 0\.00 s\. Run A is kept; this is run B/);
  await page.keyboard.press('1');
  await page.keyboard.press('m');
  await page.keyboard.press('c');
  await stageOf(page, 'A').waitFor();
  await hear(page, /Comparing run B with run A/);
  await page.keyboard.press('x');
  const [here, there] = await both(page);
  assert.notEqual(isDown(here, 1), isDown(there, 1));
  // Both stages, the bar over them and the rest are regions.
  const regions = new Set();
  for (let i = 0; i < 8; i += 1) {
    await page.keyboard.press('F6');
    regions.add(
      await page.evaluate(() =>
        document.activeElement.closest('[data-region]')?.getAttribute('data-region'),
      ),
    );
  }
  for (const region of ['compare', 'run-A', 'run-B', 'palette', 'transport']) {
    assert.ok(regions.has(region), `${region} is among ${[...regions]}`);
  }
  await difference(page).focus();
  await page.keyboard.press('Enter');
  assert.equal(await now(page), 0);
  await page.keyboard.press('c');
  await until('one run', async () => (await page.locator('.stage-pane').count()) === 1);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`two runs are accessible and fit: ${size}`, async () => {
    const { page, close } = await open(browser, { fragment: '#raft', paused: true, viewport });
    await page.keyboard.press('c');
    await assertAccessible(page, `the choice, ${size}`);
    await chooser(page).getByRole('button', { name: /^Off:/ }).first().click();
    await stageOf(page, 'A').waitFor();
    await page.keyboard.press('m');
    await page.keyboard.press('1');
    await page.keyboard.press('x');
    await assertAccessible(page, `two runs, ${size}`);
    await assertFits(page, size);
    assert.deepEqual(await smallTargets(page), []);
    await close();
  });
}

test('a link to two runs opens both at the same instant, as they were set', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await presets(page, AS_WRITTEN);
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Mirror faults', pressed: false }).waitFor();
  await strikeIn(page, 'B', 5).click();
  await playUntil(page, 'some seconds', (seen) => seen.time > 3_000_000);
  const hashes = (page) =>
    page.evaluate(() => [
      window.__faultline.traceHash(),
      window.__faultline.stateHash(),
      window.__faultline.beside.frameJson(),
    ]);
  const was = await hashes(page);
  await button(page, 'Share').click();
  const link = await page.getByRole('textbox', { name: 'Link', exact: true }).inputValue();
  assert.deepEqual(complaints, []);
  await close();

  const other = await open(browser, { fragment: new URL(link).hash, paused: true });
  await other.page.locator('.stage-pane').nth(1).waitFor();
  assert.deepEqual(await hashes(other.page), was);
  const [here, there] = await both(other.page);
  assert.notEqual(isDown(here, 5), isDown(there, 5), 'the fault is in one of them only');
  await other.page.getByRole('button', { name: 'Mirror faults', pressed: false }).waitFor();
  assert.deepEqual(other.complaints, []);
  await other.close();
});

test('the space-time diagram is below two stages and shows the active run', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await presets(page, AS_WRITTEN);
  await page.keyboard.press('t');
  const sheet = page.getByRole('application', { name: 'Space-time diagram' });
  await sheet.waitFor();
  await playUntil(page, 'some seconds', (seen) => seen.time > 6_000_000);
  // The present instant: time ran until Pause was pressed.
  const [was] = await both(page);
  for (const letter of ['A', 'B']) {
    assert.ok(await stageOf(page, letter).isVisible());
    await strikeIn(page, letter, 2).waitFor();
  }
  await assertFits(page);
  // Enter on an event takes both runs there.
  await sheet.focus();
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
  const [here, there] = await until('both stand there', async () => {
    const [here, there] = await both(page);
    return here.time === there.time && here.time < was.time && [here, there];
  });
  assert.equal(here.time, there.time);
  await screenshot(page, 'compare-space-time');
  assert.deepEqual(complaints, []);
  await close();
});

for (const [size, viewport] of Object.entries({ desktop: SIZES.desktop, phone: SIZES.phone })) {
  test(`the same split in two algorithms is one click away, at ${size} size`, async () => {
    const options = { viewport, fragment: PAIR, paused: true };
    const { page, complaints, close } = await open(browser, options);
    await button(page, 'Side by side with Bully election').click();
    // Both from the start, playing, under one seed.
    const regions = page.locator('[data-region^="run-"]');
    await until('two runs', async () => (await regions.count()) === 2);
    await button(page, 'Pause').waitFor();
    const verdict = page.locator('.compare-verdict');
    await until('a measure differs', async () => (await verdict.locator('strong').count()) === 2);
    await button(page, 'Pause').click();
    const [title, a, b] = await verdict.evaluate((line) => [
      line.querySelector('.verdict-title').textContent.replace(/:$/, ''),
      ...[...line.querySelectorAll('strong')].map((value) => value.textContent),
    ]);
    assert.notEqual(a, b, `${title} differs`);
    // It is what Measures says.
    await openTab(page, 'Measures');
    const table = page.locator('.compared-probes, .compared-lights').first();
    if (title !== 'Rules broken') {
      const row = table.getByRole('row').filter({ hasText: title }).first();
      const cells = await row.getByRole('cell').allInnerTexts();
      const number = (text) => text.match(/^[\d.]+/)?.[0];
      assert.deepEqual(cells.slice(0, 2).map(number), [a, b].map(number));
    }
    await assertFits(page, 'a pair');
    await screenshot(page, `compare-pair-${size}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}
