// A broken rule is seen and heard at once: a banner over its stage, with a way to the moment.

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
  playUntil,
  rows,
  screenshot,
  SIZES,
  tab,
  THEMES,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const TWO_LEADERS = '#election/two-crowns';
// A scenario in which an old leader answers a read.
const STALE = '#raft/stale-read';
const banner = (page) => page.getByRole('group', { name: 'Broken rule', exact: true });
const shouted = (page) => page.locator('[data-shouted]');
const broken = ({ verdicts }) => verdicts.filter(({ light }) => light.broken);

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`two leaders in one term are shouted, at ${size} size`, async () => {
    const options = { viewport, fragment: TWO_LEADERS, paused: true };
    const { page, complaints, close } = await open(browser, options);
    assert.equal(await banner(page).count(), 0, 'nothing is broken yet');
    assert.equal(await shouted(page).innerText(), '');

    await button(page, 'Play').click();
    await banner(page).waitFor();
    await button(page, 'Pause').click();
    const [law] = broken(await frame(page));
    const { seq, at } = law.light.broken;
    await banner(page)
      .getByText(/^Nodes \d and \d both lead in term \d\.$/)
      .waitFor();
    await banner(page).getByText('Broken rule:').waitFor();
    assert.match(
      await shouted(page).innerText(),
      /^Rule broken! Nodes \d and \d both lead in term \d\.$/,
    );
    await assertAccessible(page, 'with a broken rule');
    await assertFits(page, 'with a broken rule');
    await screenshot(page, `banner-${size}`);

    // The nodes stand under it, not behind it.
    const box = await banner(page).boundingBox();
    for (const shape of await page.locator('.node .shape').all()) {
      const body = await shape.boundingBox();
      assert.ok(body.y >= box.y + box.height, 'it covers no node');
    }

    // To the record that broke it, with the log open there.
    await button(page, 'Show me when').click();
    await until('the instant', async () => (await now(page)) === at);
    assert.equal(await tab(page, 'Log').getAttribute('aria-selected'), 'true');
    await rows(page).and(page.locator('[aria-selected="true"]')).waitFor();
    await banner(page).waitFor();

    // Before that instant nothing is broken.
    await button(page, 'Step back').click();
    assert.ok((await frame(page)).records < seq);
    assert.equal(await banner(page).count(), 0);

    // Hidden, it stays hidden, and comes back with a run that begins again.
    await button(page, 'Step forward').click();
    await banner(page).waitFor();
    await banner(page).getByRole('button', { name: 'Hide this broken rule' }).click();
    assert.equal(await banner(page).count(), 0);
    await button(page, 'Step forward').click();
    assert.equal(await banner(page).count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const [theme, stored] of Object.entries(THEMES)) {
  test(`the banner can be read in the ${theme} theme`, async () => {
    const options = { fragment: TWO_LEADERS, paused: true, stored };
    const { page, complaints, close } = await open(browser, options);
    await button(page, 'Play').click();
    await banner(page).waitFor();
    await button(page, 'Pause').click();
    await assertAccessible(page, theme);
    await screenshot(page, `banner-${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('the keyboard alone goes to the moment and hides the banner', async () => {
  const { page, complaints, close } = await open(browser, { fragment: TWO_LEADERS, paused: true });
  await page.keyboard.press('Space');
  await banner(page).waitFor();
  await page.keyboard.press('Space');
  await banner(page).getByRole('button', { name: 'Show me when' }).focus();
  await page.keyboard.press('Enter');
  const [law] = broken(await frame(page));
  await until('the instant', async () => (await now(page)) === law.light.broken.at);
  await banner(page).getByRole('button', { name: 'Hide this broken rule' }).focus();
  await page.keyboard.press('Enter');
  assert.equal(await banner(page).count(), 0);
  const focused = await page.evaluate(() => document.activeElement?.dataset.node);
  assert.ok(focused, 'the focus is on a node');
  assert.deepEqual(complaints, []);
  await close();
});

test('a wrong answer has a cross and its reason, not a tick', async () => {
  const { page, complaints, close } = await open(browser, { fragment: STALE, paused: true });
  const wrong = (seen) => seen.operations.find((operation) => operation.wrong);
  await playUntil(page, 'a wrong answer', wrong);
  const { id, wrong: why } = wrong(await frame(page));
  const chip = page.getByRole('list', { name: 'Requests', exact: true }).locator('.asked.wrong').first();
  await chip.waitFor();
  assert.match(await chip.getAttribute('title'), new RegExp(`^Request \\d+ to .* wrong after `));
  const said = (await chip.innerText()).replace(/\s+/g, ' ');
  assert.match(said, /^✗ wrong /);
  assert.ok(said.includes(why.replace(/\.$/, '').replace(/\bn(\d)/g, 'node $1')), said);
  // The log tells it at the answer, too.
  await chip.click();
  await openTab(page, 'Log');
  const row = rows(page).filter({ hasText: new RegExp(`Request ${id} is answered`) });
  await row.filter({ hasText: 'Wrong:' }).waitFor();
  await screenshot(page, 'wrong-answer');
  assert.deepEqual(complaints, []);
  await close();
});
