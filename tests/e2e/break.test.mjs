// Faults and repairs by click: a crash, a split, and the way back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertSame,
  BULLY,
  button,
  caption,
  frame,
  launch,
  leaders,
  lists,
  hear, live,
  logged,
  markOf,
  node,
  open,
  openTab,
  pause,
  playUntil,
  seen,
  speed,
  stage,
  stepUntil,
  strike,
  traceHash,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const crashed = (frame, id) => frame.nodes.find((node) => node.id === id).life.down !== undefined;

test('the leader is crashed by a click, and everyone watches the next election', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY });
  await page.evaluate(() => (window.untouched = true));
  await untilFrame(page, 'node 5 leads', (seen) => leaders(seen).includes(5));

  await strike(page, 5).click();
  const after = await frame(page);
  assert.ok(crashed(after, 5));
  await hear(page, /Node 5 was crashed\./);
  await until('the body says so', () =>
    stage(page)
      .getByText(/^down \d/)
      .isVisible(),
  );
  await until('its badge offers the way back', () =>
    stage(page).getByRole('button', { name: 'Restart node 5', exact: true }).isVisible(),
  );
  assert.match(await node(page, 5).getAttribute('aria-label'), /^Node 5, .*\bdown\b/);

  await untilFrame(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  await until('the caption tells', async () =>
    /4 (is the leader|leads)/.test(await caption(page).innerText()),
  );
  await until('the name tells', async () =>
    /thinks it is the leader/.test(await node(page, 4).getAttribute('aria-label')),
  );
  await until('the live region tells', async () =>
    /Node 4 thinks it is the leader\./.test(await live(page).innerText()),
  );
  assert.ok(await page.evaluate(() => window.untouched), 'the page did not load again');

  // The mark of the crash is left of the mark of the new leader.
  await pause(page);
  const [crash, crown] = [await markOf(page, '.broken'), await markOf(page, '.crown')];
  assert.match(crash.words, /Node 5 crashes/);
  assert.match(crown.words, /Node 4 .*lead/);
  assert.ok(crown.x > crash.x);

  assert.match(
    await logged(page, 'What you did', /Node 5 was crashed/),
    /Node 5 was crashed\./,
  );
  assert.match(await logged(page, 'Nodes up and down', /Node 5 crashes/), /Node 5 crashes\./);
  assert.match(await logged(page, 'Beliefs', /Node 4 thinks it is the leader/), /is the leader\./);

  // It restarts in its initial state, and the bully leads again.
  await strike(page, 5).click();
  assert.ok(!crashed(await frame(page), 5));
  await playUntil(page, 'node 5 leads again', (seen) => leaders(seen).join() === '5');
  assert.deepEqual(complaints, []);
  await close();
});

test('Undo takes the crash back exactly, and Redo does it again', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await stepUntil(page, 'messages in flight', (seen) => seen.messages.length > 1);
  const before = await seen(page);
  const trace = await traceHash(page);
  assert.ok(await button(page, 'Undo').isDisabled());

  await strike(page, 5).click();
  const broken = await seen(page);
  assert.notEqual(broken.state, before.state);

  await button(page, 'Undo').click();
  assertSame(await seen(page), before, 'after Undo');
  assert.equal(await traceHash(page), trace);
  await hear(page, /^Undone: Node 5 was crashed\./);
  assert.ok(await button(page, 'Undo').isDisabled());

  await button(page, 'Redo').click();
  assertSame(await seen(page), broken, 'after Redo');
  await hear(page, /^Redone: Node 5 was crashed\./);
  assert.ok(await button(page, 'Redo').isDisabled());

  // Undo also works later: the run is replayed from the crash without it.
  await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  await button(page, 'Undo').click();
  assert.deepEqual(leaders(await frame(page)), [5]);
  assert.deepEqual(complaints, []);
  await close();
});

test('a split shows its sides, loses messages at the partition by name, and heals', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await button(page, 'Split 2|3').click();
  const split = await frame(page);
  assert.deepEqual(split.sides, [
    [1, 2],
    [3, 4, 5],
  ]);
  await hear(page, /The network was split: 1 and 2 \| 3, 4 and 5\./);
  await stage(page).getByText(/^Side A · /).waitFor();
  await stage(page).getByText(/^Side B · /).waitFor();
  const spoken = await lists(page).ariaSnapshot();
  assert.match(spoken, /Side A: nodes 1 and 2/);
  assert.match(spoken, /Side B: nodes 3, 4 and 5/);
  assert.match(spoken, /Cut link 1 to 3[\s\S]*?blocked by a partition/);

  await playUntil(page, 'two leaders, one on each side', (seen) => leaders(seen).join() === '2,5');
  await until('the caption tells', async () =>
    /Nodes 2 and 5 each think they are the leader/.test(await caption(page).innerText()),
  );
  const counted = (await frame(page)).probes.find(({ name }) => name === 'dropped');
  assert.ok(counted.value > 0, 'lost messages are counted');
  const lost = await logged(page, 'Lost messages', /blocked by a partition/);
  assert.match(
    lost,
    /\w+ from node \d to node \d was lost: blocked by a partition\./,
  );

  await button(page, 'Heal split').click();
  assert.deepEqual((await frame(page)).sides, []);
  assert.equal(
    await stage(page)
      .getByText(/^side [AB]$/)
      .count(),
    0,
  );
  await button(page, 'Split 2|3').waitFor();
  await playUntil(page, 'one leader', (seen) => leaders(seen).join() === '5');
  assert.match(await logged(page, 'What you did', /The partition is healed/), /healed\./);
  assert.deepEqual(complaints, []);
  await close();
});

test('a link is cut by its scissors and joined again', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Log');
  const before = await seen(page);
  await stage(page).getByRole('button', { name: 'Cut link 1 to 2', exact: true }).click();
  let link = (await frame(page)).links.find(({ a, b }) => a === 1 && b === 2);
  assert.ok(link.cut && link.blocked && link.blocked_back);
  await hear(page, /The link between node 1 and node 2 was cut\./);
  await stage(page).getByRole('button', { name: 'Join link 1 to 2', exact: true }).click();
  link = (await frame(page)).links.find(({ a, b }) => a === 1 && b === 2);
  assert.ok(!link.cut && !link.blocked);
  await button(page, 'Undo').click();
  await button(page, 'Undo').click();
  assertSame(await seen(page), before, 'after Undo twice');
  assert.deepEqual(complaints, []);
  await close();
});

test('every button of the palette does what it says and turns into its inverse', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await button(page, 'Slow network').click();
  await button(page, 'Normal speed').click();
  await button(page, 'Slow network').waitFor();

  await stepUntil(page, 'a message in flight', (seen) => seen.messages.length > 0);
  const flying = (await frame(page)).messages.length;
  await button(page, 'Lose next message').click();
  assert.equal((await frame(page)).messages.length, flying - 1);

  await button(page, 'Crash leader').click();
  await button(page, 'Restart node 5').last().waitFor();

  await button(page, 'More faults').click();
  await button(page, 'Add node').click();
  assert.equal((await frame(page)).nodes.length, 6);
  await node(page, 6).waitFor();
  await page.getByLabel('Node to remove').selectOption('6');
  await button(page, 'Remove node 6').click();
  assert.equal((await frame(page)).nodes.length, 5);

  await page.getByRole('combobox', { name: 'Fault', exact: true }).selectOption('pause');
  await page.getByLabel(/^Syntax/).fill('pause n2');
  await button(page, 'Apply').click();
  assert.ok((await frame(page)).nodes[1].life.paused);
  await page.getByLabel(/^Syntax/).fill('pause n99');
  await button(page, 'Apply').click();
  await hear(page, /Nothing changed: there is no n99\./);
  await page.getByLabel(/^Syntax/).fill('pausse n2');
  await button(page, 'Apply').click();
  await page
    .getByRole('status')
    .filter({ hasText: /`pausse`; did you mean pause\?/ })
    .waitFor();

  await button(page, 'Tick nodes').click();
  await stage(page)
    .getByRole('checkbox', { name: /^Node 1\b/ })
    .click();
  await stage(page)
    .getByRole('checkbox', { name: /^Node 3\b/ })
    .click();
  // The sheet closed for picking nodes; the palette still works.
  assert.equal(await page.locator('#more-faults').count(), 0);
  await button(page, 'Isolate').click();
  assert.deepEqual((await frame(page)).sides, [
    [2, 4, 5],
    [1, 3],
  ]);
  await button(page, 'Heal split').click();
  assert.deepEqual((await frame(page)).sides, []);
  assert.deepEqual(complaints, []);
  await close();
});

test('nothing on the stage moves because a button has other words', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Log');
  const places = () =>
    page.evaluate(() =>
      ['.scene-box', '.palette', '.transport'].map((selector) => {
        const { y, height } = document.querySelector(selector).getBoundingClientRect();
        return `${selector} ${y} ${height}`;
      }),
    );
  const before = await places();
  await button(page, 'Split 2|3').click();
  await button(page, 'Slow network').click();
  await strike(page, 5).click();
  assert.deepEqual(await places(), before, 'split, slowed and crashed');
  await button(page, 'Step back').click();
  assert.deepEqual(await places(), before, 'in the past');
  await button(page, 'Undo').click();
  assert.deepEqual(await places(), before, 'after Undo');
  await close();
});
