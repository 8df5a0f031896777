// The keyboard alone is enough, and single-letter shortcuts can be turned off. No test in this file
// uses the mouse.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  button,
  events,
  frame,
  launch,
  leaders,
  hear,
  node,
  now,
  open,
  openTab,
  ready,
  seen,
  stage,
  stateHash,
  strike,
  tab,
  traceHash,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The focused element, in unique words.
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'the page';
    if (element.dataset?.node) return `node ${element.dataset.node}`;
    const region = element.closest('[data-region]')?.dataset.region ?? 'top';
    const name = element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40);
    return `${region}: ${element.id || name || element.tagName}`;
  });

// Presses Tab until the wanted element has the focus.
async function tabTo(page, wanted, most = 80) {
  for (let i = 0; i < most; i += 1) {
    const here = await focused(page);
    if (wanted.test(here)) return here;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${wanted}`);
}

const down = (frame, id) => frame.nodes[id - 1].life.down !== undefined;

test('crash and recovery, step, scrub, cut, split and undo, without a mouse', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY });
  const press = (key) => page.keyboard.press(key);

  // Arrows move between nodes.
  await tabTo(page, /^node /);
  await press('2');
  assert.equal(await focused(page), 'node 2');
  await press('ArrowRight');
  assert.equal(await focused(page), 'node 3');
  await press('ArrowLeft');
  assert.equal(await focused(page), 'node 2');
  await press('5');

  // Crash, watch, recover.
  await press('x');
  assert.ok(down(await frame(page), 5));
  await hear(page, /Node 5 was crashed\./);
  await untilFrame(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  assert.equal(await focused(page), 'node 5', 'the focus stays');
  await press('x');
  assert.ok(!down(await frame(page), 5));
  await hear(page, /Node 5 was restarted\./);

  // Pause and resume.
  await press('z');
  assert.ok((await frame(page)).nodes[4].life.paused);
  await press('z');
  assert.equal((await frame(page)).nodes[4].life, 'up');

  // Stops, and steps with the transport.
  await press('.');
  await button(page, 'Play').waitFor();
  await tabTo(page, /^transport: Step forward$/);
  const before = await seen(page);
  await press('Enter');
  const after = await events(page);
  await press('Enter');
  assert.ok((await events(page)) > after);
  await press('ArrowLeft');
  await press('ArrowLeft');
  assert.equal((await seen(page)).mirror, before.mirror);

  // Scrub.
  await tabTo(page, /^transport: Timeline$/);
  const edge = await now(page);
  await press('Home');
  assert.equal(await now(page), 0);
  await press('ArrowRight');
  await press('PageUp');
  assert.ok((await events(page)) >= 8);
  await press('PageDown');
  await press('End');
  assert.ok((await now(page)) >= edge);

  // Cut a link: K, then the other end.
  await press('1');
  await press('k');
  await press('2');
  await press('Enter');
  assert.ok((await frame(page)).links.find(({ a, b }) => a === 1 && b === 2).cut);
  await hear(page, /The link between node 1 and node 2 was cut\./);
  await press('Control+z');
  assert.ok(!(await frame(page)).links.find(({ a, b }) => a === 1 && b === 2).cut);
  await hear(page, /^Undone/);
  await press('Control+Shift+z');
  assert.ok((await frame(page)).links.find(({ a, b }) => a === 1 && b === 2).cut);

  // Split: S, tick with Space, Enter to isolate.
  await press('s');
  await press('3');
  await press('Space');
  await press('ArrowRight');
  assert.equal(await focused(page), 'node 4');
  await press('Space');
  await press('Enter');
  assert.deepEqual((await frame(page)).sides, [
    [1, 2, 5],
    [3, 4],
  ]);
  await press('Control+z');
  assert.deepEqual((await frame(page)).sides, []);

  // Esc leaves a mode without changing anything.
  const state = await stateHash(page);
  await press('k');
  await press('Escape');
  await press('2');
  await press('Enter');
  assert.equal(await stateHash(page), state);

  // Picks a message in flight from the list beside the stage, and drops it.
  await press('Escape');
  await tabTo(page, /^transport: Step forward$/);
  while (!(await frame(page)).messages.length) await press('Enter');
  const flying = (await frame(page)).messages.length;
  await tabTo(page, /^stage: \w+ from \d to \d/);
  await press('Enter');
  await tabTo(page, /^stage: Drop$/);
  await press('Enter');
  assert.equal((await frame(page)).messages.length, flying - 1);
  await hear(page, /was dropped\./);
  assert.deepEqual(complaints, []);
  await close();
});

test('Tab goes round the whole page in the order of its regions, and is never caught', async () => {
  const { page, close } = await open(browser, { paused: true });
  const order = [];
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press('Tab');
    order.push(await focused(page));
  }
  const start = order[0];
  const round = order.indexOf(start, 1);
  assert.ok(round > 10, `the first stop comes again after ${round} presses`);
  assert.equal(order[round + 1], order[1], 'and the second round is as the first');
  const regions = order
    .slice(0, round)
    .map((stop) => (/^node/.test(stop) ? 'stage' : stop.split(':')[0]));
  const first = ['top', 'stage', 'palette', 'transport'].map((region) => regions.indexOf(region));
  assert.ok(
    first.every((at) => at >= 0),
    JSON.stringify(order.slice(0, round)),
  );
  assert.deepEqual(
    first,
    [...first].sort((a, b) => a - b),
    'top, stage, palette, transport',
  );
  // And backwards.
  const back = [];
  for (let i = 0; i < round + 1; i += 1) {
    await page.keyboard.press('Shift+Tab');
    back.push(await focused(page));
  }
  assert.ok(new Set(back).size >= round - 1);
  // F6 moves between regions.
  const leaps = new Set();
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press('F6');
    const here = await focused(page);
    leaps.add(/^node/.test(here) ? 'stage' : here.split(':')[0]);
  }
  for (const region of ['stage', 'palette', 'transport'])
    assert.ok(leaps.has(region), `F6 leaps over the ${region}`);
  await close();
});

test('the focus can be seen wherever it is, and nothing lies over it', async () => {
  const { page, close } = await open(browser, { paused: true });
  // The hint's animation ends before two pictures are compared.
  await until('the page is still', () =>
    page.evaluate(() => document.getAnimations().every((a) => a.playState !== 'running')),
  );
  const seen = new Set();
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const here = await focused(page);
    if (here === 'the page') continue;
    if (seen.has(here)) break;
    seen.add(here);
    const area = await page.evaluate(() => {
      const element = document.activeElement;
      const { x, y, width, height } = element.getBoundingClientRect();
      const at = document.elementFromPoint(x + width / 2, y + height / 2);
      const covered = !(element.contains(at) || at?.contains(element) || at?.closest('.flight'));
      return { x, y, width, height, covered };
    });
    assert.ok(!area.covered, `${here} is covered by something`);
    assert.ok(area.width > 1, `${here} cannot be seen`);
    const clip = {
      x: Math.max(0, area.x - 12),
      y: Math.max(0, area.y - 12),
      width: area.width + 24,
      height: area.height + 24,
    };
    // The lists beside the stage are visible only while they have the focus.
    if (/^stage: /.test(here)) continue;
    const focusedPicture = await page.screenshot({ clip });
    await page.evaluate(() => {
      window.stop = document.activeElement;
      window.stop.blur();
    });
    const plain = await page.screenshot({ clip });
    await page.evaluate(() => window.stop.focus());
    assert.ok(!focusedPicture.equals(plain), `nothing shows that ${here} has the focus`);
  }
  assert.ok(seen.size > 15, [...seen].join('; '));
  await close();
});

test('a disabled button passes the focus on', async () => {
  const { page, close } = await open(browser, { paused: true });
  await page.keyboard.press('5');
  await page.keyboard.press('x');
  await button(page, 'Undo').focus();
  await page.keyboard.press('Enter');
  assert.ok(await button(page, 'Undo').isDisabled());
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  assert.match(await focused(page), /^palette: /);
  // A sheet gives the focus back to its button.
  await button(page, 'More faults').focus();
  await page.keyboard.press('Enter');
  await until('the sheet has it', () =>
    page.evaluate(() => document.activeElement.closest('#more-faults') !== null),
  );
  await page.keyboard.press('Escape');
  assert.equal(await focused(page), 'palette: More faults');
  // Ticking moves the focus to the stage.
  await page.keyboard.press('Enter');
  await button(page, 'Tick nodes').focus();
  await page.keyboard.press('Enter');
  assert.match(await focused(page), /^node /);
  await close();
});

// The inspector has its own Pause button, for a node.
const playing = (page) => page.evaluate(() => !document.querySelector('.page.paused'));

// Space pauses and plays, and does nothing else to the run.
async function spacePlays(page, what) {
  const at = await now(page);
  await page.keyboard.press('Space');
  await until(`Space plays after ${what}`, () => playing(page));
  await until(`time passes after ${what}`, async () => (await now(page)) > at);
  await page.keyboard.press('Space');
  await until(`Space stops time after ${what}`, async () => !(await playing(page)));
  const { sides, nodes } = await frame(page);
  return { sides, nodes };
}

for (const hasTouch of [false, true]) {
  const hand = hasTouch ? 'touch' : 'click';
  test(`Space is play and pause after any ${hand}`, async () => {
    const { page, complaints, close } = await open(browser, {
      hasTouch,
      paused: true,
      fragment: '#raft/kill-the-leader',
    });
    const hit = (target) => (hasTouch ? target.tap() : target.click());
    const named = (name) => hit(button(page, name));
    // A split stays, and a crashed node stays down.
    await hit(page.locator('.verb').filter({ hasText: 'Split' }));
    assert.equal((await spacePlays(page, 'a split')).sides.length, 2);
    await hit(strike(page, 2));
    assert.ok((await spacePlays(page, 'a crash')).nodes[1].life.down);
    await hit(stage(page).getByRole('button', { name: 'Cut link 3 to 4', exact: true }));
    await spacePlays(page, 'a cut');
    await hit(node(page, 3));
    await page.getByRole('heading', { name: 'Node 3', exact: true }).waitFor();
    await spacePlays(page, 'a node was picked');
    assert.ok(await page.getByRole('heading', { name: 'Node 3', exact: true }).isVisible());
    await hit(page.getByRole('slider', { name: 'Timeline' }));
    await spacePlays(page, 'a place in time was picked');
    await named('Step forward');
    await spacePlays(page, 'a step');
    await hit(page.getByRole('slider', { name: 'Speed' }));
    await spacePlays(page, 'a slider was moved');
    await hit(tab(page, 'Settings'));
    await spacePlays(page, 'a tab was opened');
    const rule = page.getByRole('switch').first();
    const was = await rule.isChecked();
    await hit(rule);
    await spacePlays(page, 'a rule was switched');
    assert.equal(await rule.isChecked(), !was, 'a tick stays a tick');
    await hit(tab(page, 'Log'));
    await hit(page.getByRole('option').last());
    await spacePlays(page, 'a row of the log was picked');
    // An opened sheet takes the focus, but a click opened it.
    await named('Network dials');
    await page.getByRole('group', { name: 'Network', exact: true }).waitFor();
    await spacePlays(page, 'a sheet was opened');
    await page.keyboard.press('Escape');
    await spacePlays(page, 'Esc closed the sheet');
    assert.equal(await page.getByRole('group', { name: 'Network', exact: true }).count(), 0);
    await named('Library');
    await page.getByRole('dialog', { name: 'Library' }).waitFor();
    await page.keyboard.press('Escape');
    await spacePlays(page, 'the library was closed');
    // The focus is on the stage: arrows step, digits and letters act on nodes.
    await named('Step forward');
    assert.ok(await page.evaluate(() => document.activeElement.matches('.scene-box')));
    const at = await events(page);
    await page.keyboard.press('ArrowRight');
    assert.ok((await events(page)) > at);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('a text field keeps its Space and the focus after a click', async () => {
  const { page, close } = await open(browser, { paused: true });
  await button(page, 'Library').click();
  const field = page.getByRole('searchbox');
  await field.click();
  await page.keyboard.type('two leaders');
  await until('all is typed', async () => (await field.inputValue()) === 'two leaders');
  assert.ok(await field.evaluate((field) => field === document.activeElement));
  assert.ok(await button(page, 'Play').isVisible());
  await close();
});

test('Space presses the control that the keyboard has moved to', async () => {
  const { page, close } = await open(browser, { paused: true, fragment: '#raft/kill-the-leader' });
  const press = (key) => page.keyboard.press(key);
  await strike(page, 2).click();
  await tabTo(page, /^palette: Split/);
  await press('Space');
  assert.equal((await frame(page)).sides.length, 2);
  await press('Space');
  assert.equal((await frame(page)).sides.length, 0);
  await openTab(page, 'Settings');
  await press('Tab');
  const onRule = () => page.evaluate(() => document.activeElement.matches('[role="switch"]'));
  for (let i = 0; i < 100 && !(await onRule()); i += 1) await press('Tab');
  assert.ok(await onRule(), 'Tab reaches a rule');
  const on = () => page.evaluate(() => document.activeElement.checked);
  const was = await on();
  await press('Space');
  await until('the rule is switched', async () => (await on()) === !was);
  assert.ok(await button(page, 'Play').isVisible(), 'still paused');
  await close();
});

test('the focus survives a thousand events', async () => {
  const { page, close } = await open(browser);
  await tabTo(page, /^node /);
  await page.keyboard.press('3');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press(']');
  const began = await events(page);
  await until('a thousand events', async () => (await events(page)) > began + 1_000);
  assert.equal(await focused(page), 'node 3');
  await close();
});

test('letters that are switched off change nothing', async () => {
  const { page, close } = await open(browser, { paused: true });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  await tabTo(page, /single letters|^top: INPUT|^top: $/, 20);
  const choice = page.getByRole('checkbox', { name: /single letters/ });
  await choice.focus();
  await page.keyboard.press('Space');
  assert.ok(!(await choice.isChecked()));
  await page.keyboard.press('Escape');
  await tabTo(page, /^node /);
  const here = await focused(page);
  const before = {
    trace: await traceHash(page),
    state: await stateHash(page),
    now: await now(page),
  };
  for (const key of 'abcdefghijklmnopqrstuvwxyzXZKSERL123456789.[]?')
    await page.keyboard.press(key);
  const after = {
    trace: await traceHash(page),
    state: await stateHash(page),
    now: await now(page),
  };
  assert.deepEqual(after, before);
  assert.equal(await focused(page), here);
  assert.ok(await button(page, 'Play').isVisible(), 'still paused');
  assert.equal(await page.getByRole('dialog').count(), 0);
  // Remembered on the next visit.
  await page.reload();
  await ready(page);
  await tabTo(page, /^node /);
  const again = await traceHash(page);
  await page.keyboard.press('x');
  assert.equal(await traceHash(page), again);
  // Arrows, Space and Esc need no letters.
  await button(page, 'Step forward').focus();
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await traceHash(page), again);
  await close();
});

test('every key of the map does what the help says', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#raft' });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const began = await now(page);
  await press('.');
  await button(page, 'Pause').waitFor();
  await press('Space');
  await button(page, 'Play').waitFor();
  const at = await events(page);
  // Ten steps back are ten runs from a checkpoint: the key may be back before they are.
  const arrive = (count) =>
    until(`${count} events have happened`, async () => (await events(page)) === count);
  await press('ArrowRight');
  await arrive(at + 1);
  await press('Shift+ArrowRight');
  await arrive(at + 11);
  await press('Shift+ArrowLeft');
  await arrive(at + 1);
  await press('ArrowLeft');
  await arrive(at);
  await press('Home');
  assert.equal(await now(page), 0);
  await press('End');
  const edge = await now(page);
  assert.ok(edge > began);
  await press('Home', 'l');
  assert.equal(await now(page), edge);
  await press('Home', 'n');
  const moment = await now(page);
  assert.ok(moment > 0);
  await press('n', 'Shift+N');
  assert.equal(await now(page), moment);
  await press('l');

  // Speed: each step doubles or halves it.
  const slider = page.getByRole('slider', { name: 'Speed' });
  const speed = (notch) =>
    until(`the speed is ${notch}`, async () => (await slider.inputValue()) === notch);
  await press(']', ']');
  await speed('2');
  await press('[', '[', '[');
  await speed('-1');
  await press(']');
  await speed('0');

  // Nodes, actions on a node, and the way back to the previous one.
  for (const id of [1, 2, 3, 4, 5]) {
    await press(`${id}`);
    assert.equal(await focused(page), `node ${id}`);
  }
  await press('2', 'Enter', '4', 'Enter');
  const heading = (name) => page.getByRole('heading', { name, exact: true }).waitFor();
  await heading('Node 4');
  await press('b');
  await heading('Node 2');
  assert.equal(await focused(page), 'node 2');
  await press('b');
  await heading('Node 4');
  await press('x');
  assert.ok(down(await frame(page), 4));
  await press('x', 'z');
  assert.ok((await frame(page)).nodes[3].life.paused);
  await press('z', 'k', '1', 'Enter');
  const link = async () => (await frame(page)).links.find(({ a, b }) => a === 1 && b === 4);
  assert.ok((await link()).cut);
  await press('Control+z');
  assert.ok(!(await link()).cut);
  await press('Control+Shift+z');
  assert.ok((await link()).cut);
  await press('Control+z', 's', '5', 'Space', 'Enter');
  assert.deepEqual((await frame(page)).sides, [[1, 2, 3, 4], [5]]);
  await press('e');
  await page.getByRole('group', { name: 'Send a request', exact: true }).waitFor();
  await press('Escape', '1', 'g');
  await page.getByLabel('Go to a time or an event').waitFor();
  await press('Escape', 'p');
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'projector');
  await press('p');

  // Restart keeps changed settings, Reset restores the scenario.
  await press('r');
  assert.equal(await now(page), 0);
  await press('Shift+R');
  assert.equal(await now(page), began);
  await press('F6');
  const region = await focused(page);
  await press('F6');
  assert.notEqual(await focused(page), region);
  await press('Shift+F6');
  assert.equal(await focused(page), region);
  await press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.waitFor();
  await press('Escape');
  assert.equal(await help.count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});
