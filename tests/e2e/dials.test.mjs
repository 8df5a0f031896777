// Settings with a slider: of the network, of a node, of one direction of a link. Each shows the run's
// value, works by pointer and keyboard, and has a reset button.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  frame,
  launch,
  logged,
  node,
  open,
  openTab,
  playUntil,
  SIZES,
  smallTargets,
  stateHash,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const slider = (within, name) => within.getByRole('slider', { name, exact: true });
const number = (within, name) => within.getByRole('spinbutton', { name, exact: true });
async function network(page) {
  await button(page, 'Network dials').click();
  const sheet = page.getByRole('group', { name: 'Network', exact: true });
  await sheet.waitFor();
  return sheet;
}

// The latency of new messages, measured on the next ones.
for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the network's dials at ${size} size`, async () => {
    const { page, complaints, close } = await open(browser, {
      viewport,
      paused: true,
      fragment: '#cluster',
    });
    const sheet = await network(page);
    await assertAccessible(page, 'dials');
    await assertFits(page, 'dials');
    assert.deepEqual(await smallTargets(page), []);
    const usual = await number(sheet, 'Latency, in ms').inputValue();
    await number(sheet, 'Latency, in ms').fill('900');
    await number(sheet, 'Latency, in ms').press('Enter');
    assert.equal(await slider(sheet, 'Latency').inputValue(), '900');
    await slider(sheet, 'Loss').fill('40');
    assert.equal(await number(sheet, 'Loss, in %').inputValue(), '40');
    await slider(sheet, 'Bandwidth, 0: unlimited').fill('2.5');
    const wide = number(sheet, 'Bandwidth, 0: unlimited, in kB/s');
    assert.equal(await wide.inputValue(), '2.5');
    await button(page, 'Undo').click();
    assert.equal(await wide.inputValue(), '0');
    await slider(sheet, 'Duplication').fill('5');

    // A dial shows the run's value: one Undo for each dial, last first.
    await button(page, 'Undo').click();
    assert.equal(await number(sheet, 'Duplication, in %').inputValue(), '0');
    await button(page, 'Undo').click();
    assert.equal(await slider(sheet, 'Loss').inputValue(), '0');
    await sheet.getByRole('button', { name: `Latency: back to ${usual} ms` }).click();
    assert.equal(await number(sheet, 'Latency, in ms').inputValue(), usual);
    await page.keyboard.press('Escape');
    assert.equal(await sheet.count(), 0);
    assert.equal(
      await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
      'Network dials',
      'the focus goes back to the door',
    );
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('on a narrow link messages wait for each other', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#gossip' });
  const sheet = await network(page);
  await number(sheet, 'Bandwidth, 0: unlimited, in kB/s').fill('0.05');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const said = await logged(page, 'What you did', /a second/);
  assert.match(said, /All messages now share 50 bytes a second in each direction/);
  // A message of 20 bytes and more takes most of a second, and then the 200 ms of the link.
  await playUntil(page, 'messages are under way', ({ messages }) => messages.length > 0);
  const { messages } = await frame(page);
  for (const { sent, arrives } of messages) assert.ok(arrives - sent > 500_000, `${arrives - sent} us`);
  assert.deepEqual(complaints, []);
  await close();
});

test('a slider moved by the keyboard is one command at one instant', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  const before = await stateHash(page);
  const sheet = await network(page);
  await slider(sheet, 'Loss').focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
  const loss = number(sheet, 'Loss, in %');
  await until('no step is lost', async () => (await loss.inputValue()) === '5');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  assert.equal(await stateHash(page), before, 'one Undo takes all its moves back');
  assert.ok(await button(page, 'Undo').isDisabled());
  await page.keyboard.press('Control+Shift+z');
  assert.match(await logged(page, 'What you did', /lost/), /5 % of all messages are now lost/);
  assert.deepEqual(complaints, []);
  await close();
});

// The text of a box, and whether it is marked as wrong.
const shown = async (box) => [await box.inputValue(), await box.getAttribute('aria-invalid')];

test('a number is emptied and typed anew, letter by letter, and only the whole of it enters the run', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  const sheet = await network(page);
  const latency = number(sheet, 'Latency, in ms');
  const usual = await latency.inputValue();
  const before = await stateHash(page);
  await latency.click();
  await page.keyboard.press('End');
  for (let i = 0; i < usual.length; i += 1) await page.keyboard.press('Backspace');
  assert.deepEqual(await shown(latency), ['', 'true'], 'empty, and marked');
  await page.keyboard.type('25');
  assert.deepEqual(await shown(latency), ['25', null]);
  assert.equal(await stateHash(page), before, 'nothing yet');
  await page.keyboard.press('Enter');
  assert.deepEqual(await shown(latency), ['25', null]);
  assert.notEqual(await stateHash(page), before);
  await button(page, 'Undo').click();
  assert.deepEqual(await shown(latency), [usual, null]);
  assert.equal(await stateHash(page), before);
  assert.deepEqual(complaints, []);
  await close();
});

test('a comma is a decimal point', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  const sheet = await network(page);
  const loss = number(sheet, 'Loss, in %');
  await loss.fill('2,5');
  await loss.press('Enter');
  assert.deepEqual(await shown(loss), ['2.5', null]);
  assert.ok((await frame(page)).links.every((link) => link.loss === 0.025));
  // A thousand or one: the page cannot decide.
  const latency = number(sheet, 'Latency, in ms');
  const before = await stateHash(page);
  await latency.fill('1,000');
  await latency.press('Enter');
  assert.deepEqual(await shown(latency), ['1,000', 'true']);
  await sheet.getByText('Write 1000 or 1.000.').waitFor();
  assert.equal(await stateHash(page), before);
  assert.deepEqual(complaints, []);
  await close();
});

test('an empty or unfinished number stays in the box, is marked, and changes nothing', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  const sheet = await network(page);
  const before = await stateHash(page);
  const loss = number(sheet, 'Loss, in %');
  for (const [typed, sentence] of [
    ['', 'Type a number.'],
    ['2,', 'This number is not finished.'],
    ['-', 'This number is not finished.'],
    ['soon', '"soon" is not a number. Type one, such as 25.'],
  ]) {
    await loss.fill(typed);
    await loss.press('Enter');
    assert.deepEqual(await shown(loss), [typed, 'true']);
    await sheet.getByText(sentence, { exact: true }).waitFor();
    const described = await loss.getAttribute('aria-describedby');
    assert.equal(await page.locator(`#${described}`).innerText(), sentence);
    await loss.blur();
    assert.deepEqual(await shown(loss), [typed, 'true'], 'left, too');
    assert.equal(await slider(sheet, 'Loss').inputValue(), '0');
    assert.equal(await stateHash(page), before);
  }
  await assertAccessible(page, 'a marked box');
  // The mark is visible, not only announced.
  const border = (box) => box.evaluate((input) => getComputedStyle(input).borderColor);
  assert.notEqual(await border(loss), await border(number(sheet, 'Duplication, in %')));
  await loss.fill('250');
  await loss.press('Enter');
  assert.deepEqual(await shown(loss), ['100', null], 'no more than there is');
  // Slider and reset button replace the typed text.
  await loss.fill('');
  await slider(sheet, 'Loss').fill('40');
  assert.deepEqual(await shown(loss), ['40', null]);
  await loss.fill('7,');
  await sheet.getByRole('button', { name: 'Loss: back to 0 %' }).click();
  assert.deepEqual(await shown(loss), ['0', null]);
  // Arrow keys go up and down.
  await loss.press('ArrowUp');
  await loss.press('ArrowUp');
  await loss.press('ArrowDown');
  assert.equal(await slider(sheet, 'Loss').inputValue(), '1');
  assert.deepEqual(complaints, []);
  await close();
});

test('number boxes of all panels keep what is unfinished, and take a comma', async () => {
  const { page, complaints, close } = await open(browser, {
    paused: true,
    fragment: '#raft/kill-the-leader',
  });
  const before = await stateHash(page);
  const refuses = async (box, done = 'Enter') => {
    for (const typed of ['', '2,']) {
      await box.fill(typed);
      await box.press(done);
      assert.deepEqual(await shown(box), [typed, 'true']);
    }
    assert.equal(await stateHash(page), before);
  };
  // A parameter and the seed.
  await openTab(page, 'Settings');
  const settings = page.getByRole('tabpanel', { name: 'Settings' });
  const timeout = settings.locator('.setting').filter({ has: page.locator('.number-box') });
  const parameter = timeout.getByRole('textbox').first();
  await refuses(parameter);
  await refuses(settings.getByLabel(/^Seed/));
  await settings.getByLabel(/^Seed/).fill('2,5');
  await button(page, 'Run this seed').click();
  await settings.getByText('Type a whole number.').waitFor();
  assert.equal(await stateHash(page), before);
  // A time.
  await button(page, 'Go to, stop at').click();
  const time = page.getByLabel('Go to a time or an event');
  await refuses(time);
  await time.fill('1,25');
  await time.press('Enter');
  assert.equal((await frame(page)).time, 1_250_000);
  await page.keyboard.press('Escape');
  assert.deepEqual(complaints, []);
  await close();
});

test('Slow network and its inverse move the dial', async () => {
  const { page, close } = await open(browser, { paused: true, fragment: '#cluster' });
  const sheet = await network(page);
  const latency = number(sheet, 'Latency, in ms');
  const usual = Number(await latency.inputValue());
  await button(page, 'Slow network').click();
  assert.equal(Number(await latency.inputValue()), 3 * usual);
  await button(page, 'Normal speed').click();
  assert.equal(Number(await latency.inputValue()), usual);
  await close();
});

test("a node's clock, disk and honesty can be changed and show their values", async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  await node(page, 2).click();
  const panel = page.getByRole('tabpanel', { name: 'Inspect' });
  const first = async () => (await frame(page)).nodes[1];
  await slider(panel, 'Clock skew').fill('-250');
  assert.equal((await first()).clock_error_us, -250_000);
  await number(panel, 'Clock drift, in ppm').fill('2000');
  await number(panel, 'Clock drift, in ppm').press('Enter');
  assert.equal((await first()).drift_ppm, 2_000);
  await slider(panel, 'Disk write').fill('500');
  assert.equal((await first()).disk, 500_000);
  await panel.getByRole('button', { name: 'Disk write: back to 0 ms' }).click();
  assert.equal((await first()).disk, 0);
  await panel.getByRole('button', { name: /^Make flaky/ }).click();
  assert.ok((await first()).flaky);
  await number(panel, 'Flaky, up, in ms').fill('700');
  await number(panel, 'Flaky, up, in ms').press('Enter');
  assert.deepEqual((await first()).flaky, [1_000_000, 700_000]);
  await panel.getByRole('button', { name: 'Stop being flaky' }).click();
  assert.equal((await first()).flaky, null);
  await panel.getByLabel('Honesty').selectOption('silent');
  assert.equal((await first()).lie, 'silent');
  await panel.getByLabel('Honesty').selectOption('honest');
  assert.equal((await first()).lie, null);
  await panel.getByRole('button', { name: 'Remove', exact: true }).click();
  assert.ok(!(await frame(page)).nodes.some(({ id }) => id === 2));
  await page.keyboard.press('Control+z');
  assert.ok((await frame(page)).nodes.some(({ id }) => id === 2));
  assert.deepEqual(complaints, []);
  await close();
});

test('one direction of a link is slow and lossy', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  await openTab(page, 'Inspect');
  await node(page, 1).focus();
  for (const key of ['k', '2', 'k']) await page.keyboard.press(key);
  const panel = page.getByRole('tabpanel', { name: 'Inspect' });
  await number(panel, 'Extra delay from 1 to 2, in ms').fill('300');
  await number(panel, 'Extra delay from 1 to 2, in ms').press('Enter');
  await slider(panel, 'Loss from 2 to 1').fill('30');
  const link = (await frame(page)).links.find(({ a, b }) => a === 1 && b === 2);
  assert.equal(link.slow, 300_000);
  assert.equal(link.slow_back, null);
  assert.equal(link.loss, 0.3);
  assert.equal(await slider(panel, 'Loss from 1 to 2').inputValue(), '0', 'the other way is well');
  await panel.getByRole('button', { name: 'Loss from 2 to 1: back to 0 %' }).click();
  assert.equal(await slider(panel, 'Loss from 2 to 1').inputValue(), '0');
  assert.deepEqual(complaints, []);
  await close();
});

test('timers are aligned and spread', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cluster' });
  const dues = async () =>
    (await frame(page)).nodes.flatMap(({ timers }) =>
      timers.filter(({ name }) => name.toLowerCase() === 'heartbeat').map(({ due }) => due),
    );
  assert.ok(new Set(await dues()).size > 1);
  await button(page, 'Align timers').click();
  assert.equal(new Set(await dues()).size, 1);
  await button(page, 'Spread timers').click();
  assert.equal(new Set(await dues()).size, (await dues()).length);
  await button(page, 'Undo').click();
  await button(page, 'Spread timers').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
