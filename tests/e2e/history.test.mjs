// The history of clients: a stale read is named while the run plays, the promises it breaks, the operations
// as bars and as a table; and histories of other systems from files.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  SIZES,
  THEMES,
  assertAccessible,
  assertFits,
  button,
  frame,
  launch,
  live,
  now,
  open,
  openTab,
  pause,
  play,
  screenshot,
  smallTargets,
  speed,
  tab,
  traceHash,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const STALE = '#raft/stale-read';
const panel = (page) => page.locator('.history');
const lights = (page) => panel(page).locator('.light');
const words = async (page) => (await lights(page).locator('.light-title').allInnerTexts()).map((t) => t.trim());
const bars = (page) => page.getByRole('listbox', { name: /^Operations/ }).getByRole('option');
const sentences = (page) => bars(page).locator('.for-readers').allTextContents();
const sheet = (page) => page.getByRole('dialog', { name: 'History of another system' });

// One process writes 1 and 2, and another then reads what is given.
const jepsen = (read) =>
  [
    [0, ':invoke', ':write', '1'],
    [0, ':ok', ':write', '1'],
    [0, ':invoke', ':write', '2'],
    [1, ':invoke', ':read', 'nil'],
    [0, ':ok', ':write', '2'],
    [1, ':ok', ':read', '1'],
    [2, ':invoke', ':read', 'nil'],
    [2, ':ok', ':read', read],
    [3, ':invoke', ':cas', '[2 3]'],
    [3, ':info', ':cas', ':timed-out'],
  ]
    .map(([process, type, f, value]) => `INFO  jepsen.util - ${process}\t${type}\t${f}\t${value}`)
    .join('\n');

// Ten keys, two hundred operations each; the reads of one are stale.
function large() {
  const lines = [];
  for (let i = 0; i < 1000; i += 1) {
    const key = i % 10;
    const value = Math.floor(i / 10);
    const seen = key === 7 && value === 60 ? value - 5 : value;
    const op = (process, more, at) =>
      JSON.stringify({ process, key: `k${key}`, invoked_us: at, completed_us: at + 40, ...more });
    lines.push(op(key, { f: 'write', value: String(value) }, i * 100));
    lines.push(op(key + 10, { f: 'read', result: String(seen) }, i * 100 + 50));
  }
  return lines.join('\n');
}

async function drop(page, text, name = 'jepsen.log') {
  await page.evaluate(
    ([text, name]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      const dropped = { dataTransfer: transfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent('drop', dropped));
    },
    [text, name],
  );
  await sheet(page).waitFor();
}

const judged = (page, what, wanted) =>
  until(what, async () => {
    const seen = await words(page);
    return wanted(seen) && !(await panel(page).getByText('Searching').count()) && seen;
  });

// Plays until the first promise is broken, with the tab open.
async function playToStaleRead(page) {
  await openTab(page, 'History');
  await speed(page, 2);
  await play(page);
  await until('the stale read is named while the run plays', async () =>
    /^Broken: Linearizable/.test((await words(page))[0] ?? ''),
  );
  const playing = await button(page, 'Pause').count();
  if (playing) await pause(page);
  return playing;
}

test('a stale read is named while the run plays, and the jump leads to its answer', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: STALE });
  await playToStaleRead(page);
  assert.equal((await words(page)).length, 5);
  const light = lights(page).first();
  assert.match(await light.innerText(), /Node \d+ read .* although .* before this read began\./);
  const letters = await bars(page).locator('.hist-letter').allInnerTexts();
  assert.ok(letters.length > 1, 'the operations of the contradiction have letters');
  const go = light.getByRole('button', { name: /^Go to .* s, where it broke$/ });
  const at = Number((await go.innerText()).match(/[\d.]+/)[0]);
  await go.click();
  await until('time stands at the answer', async () => Math.abs((await now(page)) / 1e6 - at) < 0.001);
  assert.match((await words(page))[0], /^Broken/, 'at its instant it is broken');
  await button(page, 'Step back').click();
  await judged(page, 'before it, nothing is broken', ([first]) => /^Holds: Linearizable/.test(first));
  assert.deepEqual(complaints, []);
  await close();
});

test('the law of the measures leads to the history', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: STALE });
  await playToStaleRead(page);
  await openTab(page, 'Measures');
  await button(page, 'See the history').first().click();
  await panel(page).waitFor();
  assert.equal(await tab(page, 'History').getAttribute('aria-selected'), 'true');
  assert.deepEqual(complaints, []);
  await close();
});

test('bars and table agree with the frame, and the order counts without gaps', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#raft/confirmed-read' });
  await openTab(page, 'History');
  await speed(page, 3);
  await play(page);
  await until('some operations', async () => (await bars(page).count()) > 2);
  await pause(page);
  await judged(page, 'it is linearizable', (seen) => seen.every((word) => /^Holds/.test(word)));
  const seen = await frame(page);
  const shown = await bars(page).count();
  assert.ok(shown >= seen.operations.length, `${shown} bars, ${seen.operations.length} in the frame`);
  // Places stand at operations of each key.
  const told = await sentences(page);
  assert.ok(told.some((label) => /number 1 in the order/.test(label)), told.join('\n'));
  const places = told.map((label) => Number(label.match(/number (\d+)/)?.[1] ?? 0)).filter(Boolean);
  assert.ok(Math.max(...places) <= shown);
  await button(page, 'Table').click();
  const rows = page.locator('.hist-table tbody tr');
  assert.equal(await rows.count(), shown);
  for (const [i, row] of (await rows.allInnerTexts()).slice(0, 5).entries()) {
    const who = told[i].match(/^Node \d+/)[0];
    assert.ok(row.includes(who), `${row}: ${told[i]}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('by keyboard alone: to the tab, along the bars, to the request of one', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: STALE });
  await playToStaleRead(page);
  await openTab(page, 'Log');
  await tab(page, 'Log').focus();
  await page.keyboard.press('ArrowRight');
  const list = page.getByRole('listbox', { name: /^Operations/ });
  for (let i = 0; i < 60 && !(await list.evaluate((e) => e === document.activeElement)); i += 1) {
    await page.keyboard.press('Tab');
  }
  const active = () => list.getAttribute('aria-activedescendant');
  await page.keyboard.press('Home');
  const first = await until('the first is chosen', active);
  await page.keyboard.press('ArrowDown');
  const next = await until('the one below', async () => (await active()) !== first && active());
  await page.keyboard.press('End');
  await until('the last one', async () => ![first, next].includes(await active()));
  await page.keyboard.press('Enter');
  const told = await page.locator('.hist-picked p').innerText();
  assert.match(told, /^Node \d+ .*(from|since) [\d.]+ s/);
  await until('it is announced', async () => (await live(page).innerText()).includes(told.slice(0, 20)));
  const to = button(page, 'Go to the request');
  for (let i = 0; i < 40 && !(await to.evaluate((e) => e === document.activeElement)); i += 1) {
    await page.keyboard.press('Tab');
  }
  const before = await now(page);
  await page.keyboard.press('Enter');
  await until('time went back to the request', async () => (await now(page)) < before);
  assert.deepEqual(complaints, []);
  await close();
});

test('a Jepsen log that is good is drawn with its order, and Escape gives the run back', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const was = await traceHash(page);
  await drop(page, jepsen('2'));
  const seen = await judged(page, 'it is judged', ([first]) => /^Holds: Linearizable/.test(first));
  assert.ok(seen.every((word) => /^Holds/.test(word)), seen.join());
  assert.equal(await bars(page).count(), 5);
  assert.match(await sheet(page).locator('.reading-sum').innerText(), /^A Jepsen history of 5 operations/);
  const told = await sentences(page);
  assert.match(told[0], /^Process 0 wrote 1, .* \(number 1 in the order\)$/);
  assert.match(told[4], /nobody knows whether it took effect/);
  await screenshot(page, 'history-file-good');
  await page.keyboard.press('Escape');
  await until('the run is back', async () => (await sheet(page).count()) === 0);
  assert.equal(await traceHash(page), was, 'the run has waited');
  assert.deepEqual(complaints, []);
  await close();
});

test('a Jepsen log that is bad names the stale read, and a broken file its line', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await drop(page, jepsen('1'));
  await judged(page, 'it is judged', ([first]) => /^Broken: Linearizable/.test(first));
  const conflict = await sheet(page).locator('.hist-conflict').innerText();
  assert.match(conflict, /Process 2 read 1, although 2 was confirmed before this read began\./);
  assert.deepEqual(await bars(page).locator('.hist-letter').allInnerTexts(), ['A', 'B', 'C']);
  await assertAccessible(page, 'a bad history');
  await screenshot(page, 'history-file-bad');
  await button(page, 'Close history').click();
  await drop(page, `${jepsen('1')}\nINFO  jepsen.util - 9\t:ok\t:read\t1`);
  const wrong = await until('it is refused', () => sheet(page).locator('.wrong').innerText());
  assert.match(wrong, /^Line 11: .{10,}\.$/);
  assert.equal(await bars(page).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a large file shows one object at a time, the refuted one first', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await drop(page, large(), 'large.jsonl');
  await judged(page, 'it is judged', ([first]) => /^Broken: Linearizable/.test(first));
  const key = sheet(page).getByLabel('Key', { exact: true });
  const chosen = () => key.locator('option:checked').innerText();
  assert.match(await chosen(), /^k7 \(200 operations, broken\)$/);
  assert.ok((await bars(page).locator('.hist-letter').count()) > 1);
  await key.selectOption({ label: 'k3 (200 operations)' });
  await until('another object', async () => /^k3/.test(await chosen()));
  assert.equal(await bars(page).locator('.hist-letter').count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [size, viewport] of Object.entries({ ...SIZES, large: { width: 1920, height: 1080 } })) {
  const theme = size === 'large' ? 'projector' : size === 'tablet' ? 'dark' : 'light';
  test(`the history at ${size} size, ${theme}`, async () => {
    const { page, complaints, close } = await open(browser, {
      paused: true,
      fragment: STALE,
      viewport,
      stored: THEMES[theme],
      hasTouch: size === 'phone',
      isMobile: size === 'phone',
    });
    await playToStaleRead(page);
    await screenshot(page, `history-${size}`);
    await page.locator('.hist-ladder').evaluate((area) => area.scrollIntoView());
    await screenshot(page, `history-${size}-ladder`);
    await assertFits(page, size);
    await assertAccessible(page, size);
    assert.deepEqual(await smallTargets(page), [], size);
    await drop(page, jepsen('1'));
    await judged(page, 'it is judged', ([first]) => /^Broken: Linearizable/.test(first));
    await screenshot(page, `history-${size}-file`);
    await assertFits(page, size);
    await assertAccessible(page, `a file at ${size}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}
