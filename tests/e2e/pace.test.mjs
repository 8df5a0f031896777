// Time that people can follow: quiet time passes quickly, messages slowly, and the messages of one instant
// are shown one after another.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  frame,
  launch,
  leaders,
  hear,
  now,
  open,
  openTab,
  pause,
  play,
  SIZES,
  speed,
  strike,
  traceHash,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// A gait, but no first stops.
const paced = { paced: true, stored: { 'faultline.pauses': '0' } };

const AS_WRITTEN = '#bully/one-election';
const MESSAGES = 62;

const gait = (page) => page.locator('.gait');
const clock = (page) => page.locator('.now .time');

// Samples the page in every animation frame from now on; `watched` returns what has been seen.
function watch(page) {
  return page.evaluate(() => {
    const seen = { calls: [], gaits: new Set(), flights: {}, still: 0, lines: new Set() };
    let before = '';
    let changed = performance.now();
    const look = (now) => {
      const glyphs = [...document.querySelectorAll('[data-message]:not([visibility="hidden"])')];
      for (const glyph of glyphs) {
        const flight = (seen.flights[glyph.dataset.message] ??= {
          kind: glyph.getAttribute('class'),
          first: now,
        });
        flight.last = now;
      }
      const picture = glyphs.map((glyph) => glyph.getAttribute('transform')).join();
      const words = [...document.querySelectorAll('.scene-box [data-node]')].map((node) => node.ariaLabel);
      const arcs = [...document.querySelectorAll('.arcs *')].map((arc) => arc.getAttribute('d')).join();
      const all = `${picture} ${words} ${arcs}`;
      if (all !== before) changed = now;
      before = all;
      seen.still = Math.max(seen.still, now - changed);
      seen.gaits.add(document.querySelector('.gait').textContent);
      const time = document.querySelector('.now .time').textContent;
      const tally = document.querySelector('.tally-all strong')?.textContent;
      const line = document.querySelector('.code .current, .code [aria-current]')?.textContent;
      const call = /^message (\d+) of (\d+)$/.exec(time);
      if (call && time !== seen.calls.at(-1)?.time) {
        seen.calls.push({ time, number: Number(call[1]), of: Number(call[2]), tally, line, now });
      }
      window.__request = requestAnimationFrame(look);
    };
    window.__seen = seen;
    window.__request = requestAnimationFrame(look);
  });
}

const watched = (page) =>
  page.evaluate(() => {
    cancelAnimationFrame(window.__request);
    return { ...window.__seen, gaits: [...window.__seen.gaits] };
  });

test('after the leader crashes, the picture never stands still and every vote is seen', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#raft/kill-the-leader', ...paced });
  await untilFrame(page, 'node leads', (seen) => leaders(seen).length === 1);
  const [leader] = leaders(await frame(page));
  await watch(page);
  await strike(page, leader).click();
  const elected = (seen) => leaders(seen).some((id) => id !== leader);
  const seen = await untilFrame(page, 'another leader', elected);
  const { still, flights, gaits } = await watched(page);
  assert.ok(still < 1_500, `the picture stood still for ${still} ms`);
  assert.ok(gaits.some((words) => /^fast-forward \d+ ms$/.test(words)), gaits.join());
  assert.ok(gaits.some((words) => /^\d+× slow motion$/.test(words)), gaits.join());
  const asked = Object.values(flights).filter(({ kind }) => /m-election/.test(kind));
  const [, sent] = seen.sent.find(([kind]) => kind === 'RequestVote');
  assert.ok(asked.length >= 3 && asked.length <= sent, `${asked.length} of ${sent} requests`);
  const whole = asked.map(({ first, last }) => last - first).sort((a, b) => b - a);
  assert.ok(whole[1] > 1_100, `a vote request was seen for ${whole} ms`);
  assert.deepEqual(complaints, []);
  await close();
});

test('62 messages of one instant are shown one by one, with counter and program in step', async () => {
  const { page, complaints, close } = await open(browser, { fragment: AS_WRITTEN, ...paced });
  await openTab(page, 'Code');
  await watch(page);
  await play(page);
  await until('one message at a time', async () => (await gait(page).innerText()) === 'one message at a time');
  assert.equal(await now(page), 0);
  const slider = page.getByRole('slider', { name: 'Timeline' });
  assert.match(await slider.getAttribute('aria-valuetext'), /^\d+ of 62 messages$/);
  await button(page, 'Skip').waitFor();
  await untilFrame(page, 'the last message', (seen) => !seen.calling && seen.events > MESSAGES);
  const { calls, flights } = await watched(page);
  assert.deepEqual([...new Set(calls.map(({ of }) => of))], [MESSAGES]);
  const numbers = calls.map(({ number }) => number);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
  assert.ok(numbers.length > MESSAGES - 6, `${numbers.length} numbers were seen`);
  // A message is counted when it is sent, and then it is on its way.
  for (const { number, tally } of calls) if (tally) assert.equal(Number(tally), number);
  const lines = new Set(calls.map(({ line }) => line).filter(Boolean));
  assert.ok(lines.size >= 3, `lines of the program: ${[...lines].join(' | ')}`);
  assert.ok(Object.keys(flights).length > MESSAGES - 6);
  const wall = calls.at(-1).now - calls[0].now;
  assert.ok(wall > 10_000 && wall < 19_000, `the instant lasted ${wall} ms`);
  assert.deepEqual(complaints, []);
  await close();
});

test('by keyboard: Space starts and stops between messages, an arrow steps, End skips', async () => {
  const { page, close } = await open(browser, { fragment: AS_WRITTEN, ...paced, reducedMotion: 'reduce' });
  const present = async () => Number(/^message (\d+) of 62$/.exec(await clock(page).innerText())?.[1]);
  await page.keyboard.press(' ');
  await until('message 3', async () => (await present()) >= 3);
  await page.keyboard.press(' ');
  await button(page, 'Play').waitFor();
  const at = await present();
  const hash = await traceHash(page);
  assert.ok(at >= 3);
  assert.equal((await frame(page)).messages.length, 1, 'the present message is on its way');
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await traceHash(page), hash);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await traceHash(page), hash);
  await page.keyboard.press(' ');
  // Beyond what was stepped over, End means the end of the instant and not the latest one seen.
  await until('it goes on', async () => (await present()) > at + 2);
  await page.keyboard.press('End');
  await until('it is over', async () => !(await frame(page)).calling);
  await hear(page, /Skipped to the end of this instant/);
  const sent = (await frame(page)).sent.reduce((sum, [, count]) => sum + count, 0);
  assert.equal(sent, MESSAGES);
  assert.equal(await now(page), 0);
  await close();
});

test('the dial makes unfolding faster, and Skip ends it', async () => {
  const { page, close } = await open(browser, { fragment: AS_WRITTEN, ...paced });
  await speed(page, 2);
  await play(page);
  const begun = Date.now();
  await untilFrame(page, 'the last message', (seen) => !seen.calling && seen.events > MESSAGES);
  const wall = Date.now() - begun;
  assert.ok(wall > 2_500 && wall < 8_000, `at four times the speed it lasted ${wall} ms`);
  await button(page, 'Restart run').click();
  if (await button(page, 'Play').isVisible()) await play(page);
  await button(page, 'Skip').click();
  const seen = await untilFrame(page, 'skipped', (seen) => !seen.calling && seen.events > MESSAGES);
  assert.equal(seen.time < 2_000_000, true);
  await close();
});

test('real time can be chosen and is remembered', async () => {
  const { page, close } = await open(browser, { fragment: '#raft/kill-the-leader', ...paced });
  await button(page, 'Go to, stop at').click();
  await page.getByLabel('Constant speed (real time)').check();
  assert.equal(await gait(page).innerText(), 'real time');
  await hear(page, /constant speed/);
  await page.reload();
  await until('it is remembered', async () => (await gait(page).innerText()) === 'real time');
  await openTab(page, 'Settings');
  assert.ok(await page.getByLabel('Constant speed (real time)').isChecked());
  await close();
});

test('two runs wait for each other', async () => {
  const { page, close } = await open(browser, { fragment: AS_WRITTEN, ...paced });
  await page.locator('.top').getByRole('button', { name: 'Compare' }).click();
  const chooser = page.getByRole('dialog', { name: 'Compare with' });
  await chooser.getByRole('button', { name: "The curriculum's program with a guard", exact: true }).click();
  await page.locator('.stage-pane').nth(1).waitFor({ state: 'attached' });
  await speed(page, 2);
  await play(page);
  const look = () =>
    page.evaluate(() => {
      const [here, there] = [window.__faultline, window.__faultline.beside];
      return [JSON.parse(here.frameJson()), JSON.parse(there.frameJson())];
    });
  let waited = false;
  await until('both have ended the instant', async () => {
    const [here, there] = await look();
    assert.ok(Math.abs(here.time - there.time) <= 100, 'one clock');
    waited ||= here.calling !== there.calling;
    return here.events > MESSAGES && !here.calling && !there.calling;
  });
  assert.ok(waited, 'the shorter one waits');
  await close();
});

test('a scenario opens with its view and stops once where it wants to be looked at', async () => {
  const { page, complaints, close } = await open(browser, { fragment: AS_WRITTEN, paced: true });
  await speed(page, 2);
  // The question comes first. Who does not want to guess sees the scenario as it shows itself.
  await button(page, 'Just watch').click();
  await page.getByRole('tabpanel', { name: 'Code' }).waitFor();
  const first = await untilFrame(page, 'a leader', (seen) => leaders(seen).length === 1);
  await button(page, 'Play').waitFor();
  assert.ok(first.calling, 'in the middle of the instant');
  await hear(page, /Paused so that you can look\. Press Play\./);
  await play(page);
  await untilFrame(page, 'the last message', (seen) => !seen.calling && seen.events > MESSAGES);
  await button(page, 'Restart run').click();
  if (await button(page, 'Play').isVisible()) await play(page);
  await untilFrame(page, 'it does not stop again', (seen) => !seen.calling && seen.events > MESSAGES);
  assert.deepEqual(complaints, []);
  await close();
});

test('a link that brings an instant or a view is left alone, and first stops can be turned off', async () => {
  const { page, close } = await open(browser, { fragment: '#raft/kill-the-leader', paced: true });
  await page.getByRole('button', { name: 'Go to, stop at' }).click();
  await page.getByLabel('Pause where there is something to see').uncheck();
  await page.evaluate(() => (location.hash = '#bully/one-election'));
  await untilFrame(page, 'another run', (seen) => seen.time === 0);
  await play(page);
  await untilFrame(page, 'a leader', (seen) => leaders(seen).length === 1);
  await until('it goes on', async () => /^message [23]\d/.test(await clock(page).innerText()));
  await close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the bar of time fits while an instant is unfolded, on a ${size}`, async () => {
    const { page, close } = await open(browser, { fragment: AS_WRITTEN, ...paced, viewport });
    await play(page);
    await until('it unfolds', async () => /^message/.test(await clock(page).innerText()));
    const place = () => page.locator('.transport .play').boundingBox();
    const before = await place();
    await assertFits(page, size);
    await until('message 12', async () => /^message 1\d/.test(await clock(page).innerText()));
    assert.deepEqual(await place(), before, 'nothing jumps');
    await pause(page);
    await assertAccessible(page, size);
    await close();
  });
}
