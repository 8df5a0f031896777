// Who can hear whom: a partition of any number of sides, cuts that stop one direction only, by
// pointer and by keyboard, and the way back from each.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  button,
  frame,
  launch,
  lists,
  hear,
  logged,
  node,
  open,
  SIZES,
  stage,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const tickBox = (page, id) =>
  stage(page).getByRole('checkbox', { name: new RegExp(`^Node ${id}\\b`) });

// Ticks nodes with the pointer and presses a button of the palette.
async function ticked(page, ids, verb) {
  await button(page, 'More faults').click();
  await button(page, 'Tick nodes').click();
  for (const id of ids) await tickBox(page, id).click();
  await button(page, verb).click();
}

const link = async (page, a, b) =>
  (await frame(page)).links.find((link) => link.a === a && link.b === b);

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`three sides by ticking, at ${size} size`, async () => {
    const { page, complaints, close } = await open(browser, { viewport, paused: true });
    await ticked(page, [4, 5], 'Isolate');
    assert.deepEqual((await frame(page)).sides, [
      [1, 2, 3],
      [4, 5],
    ]);
    await ticked(page, [1], 'Isolate');
    assert.deepEqual((await frame(page)).sides, [[2, 3], [4, 5], [1]]);
    await hear(page, /was split: 2 and 3 \| 4 and 5 \| 1\./);
    for (const side of ['A', 'B', 'C'])
      await stage(page).getByText(new RegExp(`^side ${side}($| · )`, 'i')).waitFor();
    const spoken = await lists(page).ariaSnapshot();
    assert.match(spoken, /Side A: nodes 2 and 3/);
    assert.match(spoken, /Side C: node 1/);
    await assertAccessible(page, 'three sides');

    // The same command again changes nothing, and the page says so.
    await ticked(page, [1], 'Isolate');
    await hear(page, /already isolated/);
    await button(page, 'Undo').click();
    assert.deepEqual((await frame(page)).sides, [
      [1, 2, 3],
      [4, 5],
    ]);
    await button(page, 'Heal split').click();
    assert.deepEqual((await frame(page)).sides, []);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('ticked nodes can be made deaf or mute', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await ticked(page, [1], 'They hear nothing');
  const deaf = await link(page, 1, 2);
  assert.ok(deaf.blocked_back && !deaf.blocked, '2 cannot reach 1, and 1 can reach 2');
  await hear(page, /Messages from nodes 2, 3, 4 and 5 to node 1 are now blocked\./);
  await button(page, 'Undo').click();
  assert.equal((await link(page, 1, 2)).blocked_back, null);

  await ticked(page, [1], 'No one hears them');
  const mute = await link(page, 1, 2);
  assert.ok(mute.blocked && !mute.blocked_back);
  await button(page, 'Heal all').click();
  assert.equal((await link(page, 1, 2)).blocked, null);
  assert.deepEqual(complaints, []);
  await close();
});

test('one direction of a link is cut, from the sheet and from the inspector, and joined', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await button(page, 'More faults').click();
  await page.getByLabel('Sender').selectOption('3');
  await page.getByLabel('Receiver').selectOption('1');
  await button(page, '1 hears nothing from 3').click();
  const cut = await link(page, 1, 3);
  assert.ok(cut.blocked_back && !cut.blocked);
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('#more-faults').count(), 0);
  assert.match(await logged(page, 'What you did', /Messages from node 3 to node 1/), /are now blocked\./);

  // The link's inspector shows both directions and joins the link again.
  await node(page, 1).focus();
  for (const key of ['k', '3', 'k']) await page.keyboard.press(key);
  const panel = page.getByRole('tabpanel');
  await panel.getByRole('heading', { name: 'Link between node 1 and node 3' }).waitFor();
  await panel.getByText('blocked by a one-way cut').waitFor();
  await panel.getByRole('button', { name: 'Join', exact: true }).click();
  assert.equal((await link(page, 1, 3)).blocked_back, null);
  await panel.getByRole('button', { name: '3 hears nothing from 1' }).click();
  assert.ok((await link(page, 1, 3)).blocked);
  assert.deepEqual(complaints, []);
  await close();
});

test('sides and one-way cuts without a mouse', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press('1', 's', '4', 'Space', '5', 'Space', 'Enter');
  await press('s', '1', 'Space', 'Enter');
  assert.deepEqual((await frame(page)).sides, [[2, 3], [4, 5], [1]]);
  const here = () => page.evaluate(() => document.activeElement.dataset.node);
  assert.equal(await here(), '1', 'the focus stays on the stage');
  await press('Control+z', 'Control+z');
  assert.deepEqual((await frame(page)).sides, []);

  // Shift+K: the second node hears nothing from the first.
  await press('2', 'Shift+K', '3', 'Enter');
  assert.ok((await link(page, 2, 3)).blocked);
  assert.equal((await link(page, 2, 3)).blocked_back, null);
  await press('Control+z');
  assert.equal((await link(page, 2, 3)).blocked, null);

  // K, the other end, K: inspects the link, with the focus in the inspector.
  await press('2', 'k', '3', 'k');
  await page.getByRole('heading', { name: 'Link between node 2 and node 3' }).waitFor();
  await until('the panel has the focus', () =>
    page.evaluate(() => document.activeElement.id === 'panel'),
  );

  // The buttons of a mode are in the palette too; after one, the focus is back on the stage.
  await press('3', 's');
  await button(page, 'Isolate').waitFor();
  assert.ok(await button(page, 'Isolate').isDisabled());
  await press('Space');
  await button(page, 'No one hears them').focus();
  await press('Enter');
  assert.ok((await link(page, 2, 3)).blocked_back);
  assert.equal(await here(), '3');
  assert.deepEqual(complaints, []);
  await close();
});

test('the first fault leaves every node where it was', async () => {
  for (const viewport of Object.values(SIZES)) {
    const { page, close } = await open(browser, { viewport, paused: true });
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('.scene .node .shape')].map((body) => {
          const { x, y, width, height } = body.getBoundingClientRect();
          return [x, y, width, height].map(Math.round).join(' ');
        }),
      );
    const before = await places();
    const badge = stage(page).getByRole('button', { name: 'Crash node 2', exact: true });
    const { x, y, width, height } = await badge.boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
    assert.ok((await frame(page)).nodes[1].life.down);
    assert.deepEqual(await places(), before, `after the first fault at ${viewport.width}`);
    // A second click at the same place hits the same badge.
    await page.mouse.click(x + width / 2, y + height / 2);
    assert.equal((await frame(page)).nodes[1].life, 'up');
    await close();
  }
});
