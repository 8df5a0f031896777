// The space-time diagram: it shows what happened, it shares selection and clock with the stage and the
// log, and all of it works without a pointer.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  clickRow,
  frame,
  goToInstant,
  launch,
  hear, live,
  now,
  open,
  openTab,
  pause,
  play,
  SIZES,
  smallTargets,
  strike,
  tab,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const panel = (page) => page.getByRole('region', { name: 'Space-time', exact: true });
const sheet = (page) => page.getByRole('application', { name: 'Space-time diagram' });
const inPanel = (page, name) => panel(page).getByRole('button', { name, exact: true });
const tableRows = (page) => panel(page).locator('.st-table tbody tr');

const SCENARIO = 'raft/kill-the-leader';

// The same run in the page's own engine: every record, for comparison with the diagram.
const records = (page, until) =>
  page.evaluate(
    ([scenario, until]) => {
      const run = new window.wasmBindings.Simulation(scenario);
      run.runUntil(until);
      return run.trace();
    },
    [SCENARIO, until],
  );

// Records with a node and without timers, which the diagram shows as events.
const isShown = ({ node, event }) => {
  const kind = typeof event === 'string' ? event : Object.keys(event)[0];
  return node != null && !kind.startsWith('timer_');
};

// Opens a scenario at an instant, with the diagram.
async function opened(options = {}) {
  const { scenario = SCENARIO, at = 600_000, ...others } = options;
  const opened = await open(browser, { fragment: `#${scenario}`, paused: true, ...others });
  const { page } = opened;
  await goToInstant(page, scenario, at);
  await show(page);
  await painted(page);
  return opened;
}

// Opens the diagram, docked or as a tab.
async function show(page) {
  if (await button(page, 'Space-time').isVisible()) await button(page, 'Space-time').click();
  else await tab(page, 'Space-time').click();
  await panel(page).waitFor();
}

// The painted window.
async function painted(page) {
  const text = await until('the diagram is painted', () =>
    sheet(page).getAttribute('data-window'),
  );
  const [axis, ...numbers] = text.split(' ');
  const [from, to, left, right, top, bottom] = numbers.map(Number);
  return { axis, from, to, left, right, top, bottom };
}

// The place of an event on the sheet.
async function spot(page, { time, node }, nodes = 5) {
  const { from, to, left, right, top, bottom } = await painted(page);
  const pitch = (bottom - top) / nodes;
  return {
    x: left + ((time - from) / (to - from)) * (right - left),
    y: top + pitch * (node - 0.5),
  };
}

const timeOf = (record) => record.time_us ?? record.time;

// Which records may have caused which, from their causes and the order at each node.
function reach(records) {
  const latest = new Map();
  const pasts = [];
  for (const [at, { node, caused_by: cause }] of records.entries()) {
    const past = new Set();
    for (const from of [latest.get(node), cause > 0 ? cause - 1 : undefined]) {
      if (from === undefined) continue;
      past.add(from);
      for (const earlier of pasts[from]) past.add(earlier);
    }
    pasts.push(past);
    if (node != null) latest.set(node, at);
  }
  return pasts;
}

test('the table lists exactly the events of the window', async () => {
  const { page, complaints, close } = await opened();
  await inPanel(page, 'Show the whole run').click();
  await inPanel(page, 'Table').click();
  const all = (await records(page, await now(page))).filter(isShown);
  await tableRows(page).first().waitFor();
  const listed = await tableRows(page).evaluateAll((rows) => rows.map((row) => Number(row.dataset.seq)));
  assert.deepEqual(listed, all.slice(0, 200).map(({ seq }) => seq));
  const words = await panel(page).locator('#st-summary').innerText();
  assert.match(words, new RegExp(`: 5 nodes, ${all.length} events, \\d+ messages`));
  await assertAccessible(page, 'as a table');

  // Without node 1, exactly its events are gone.
  await inPanel(page, 'Filter').click();
  await panel(page).getByRole('checkbox', { name: '1', exact: true }).click();
  const others = all.filter(({ node }) => node !== 1);
  await until('node 1 is filtered out', async () =>
    (await panel(page).locator('#st-summary').innerText()).includes(`${others.length} events`),
  );
  assert.deepEqual(complaints, []);
  await close();
});

test('a click on an event goes there: stage, log and inspector show the same', async () => {
  const { page, complaints, close } = await opened();
  const all = await records(page, await now(page));
  // The log's current row is the last one of the instant: a node that answers at once has later rows.
  const isLast = (record, at) => at + 1 < all.length && timeOf(all[at + 1]) > timeOf(record);
  const delivered = all.filter(
    (record, at) => record.event.delivered && timeOf(record) > 400_000 && isLast(record, at),
  );
  const chosen = delivered[Math.floor(delivered.length / 3)];
  const at = await spot(page, { time: timeOf(chosen), node: chosen.node });
  await sheet(page).click({ position: at });
  await until('the run stands there', async () => (await frame(page)).records >= chosen.seq);
  assert.equal(await now(page), timeOf(chosen));
  await openTab(page, 'Log');
  const current = page.locator('.log-row-current');
  await current.waitFor();
  assert.match(await current.innerText(), new RegExp(`Node ${chosen.node} receives`));
  await openTab(page, 'Inspect');
  await page.getByRole('tabpanel').getByText(`Node ${chosen.node} receives`).first().waitFor();
  assert.match(await panel(page).locator('.st-sentence').innerText(), /receives/);
  await page.getByText('Past', { exact: true }).waitFor();

  // The other way: choosing a row of the log selects it in the diagram.
  await openTab(page, 'Log');
  await clickRow(page, (text) => !text.includes('receives'));
  await until('the diagram follows', async () =>
    !(await panel(page).locator('.st-sentence').innerText()).includes('receives'),
  );
  assert.deepEqual(complaints, []);
  await close();
});

test('cones hold as many events as the causes say', async () => {
  const { page, complaints, close } = await opened();
  const all = await records(page, await now(page));
  const pasts = reach(all);
  const sheetOf = sheet(page);
  await sheetOf.focus();
  for (const keys of [['ArrowLeft'], ['ArrowLeft', 'ArrowLeft', 'ArrowUp'], ['ArrowDown', 'ArrowLeft']]) {
    for (const key of keys) await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    const { records: here } = await frame(page);
    const [past, future, beside] = await panel(page)
      .locator('.st-key')
      .evaluateAll((words) => words.map((word) => Number(word.textContent.match(/\d+/)[0])));
    // The table's row tells which event it is.
    await inPanel(page, 'Table').click();
    const seq = Number(await panel(page).locator('tr.selected').getAttribute('data-seq'));
    await inPanel(page, 'Table').click();
    await sheetOf.focus();
    assert.ok(seq <= here);
    const nodes = all.map((record, at) => ({ ...record, at })).filter(({ node }) => node != null);
    assert.equal(past, nodes.filter(({ at }) => pasts[seq - 1].has(at)).length, `past of ${seq}`);
    assert.equal(future, nodes.filter(({ at }) => pasts[at].has(seq - 1)).length, `future of ${seq}`);
    assert.equal(beside, nodes.length - 1 - past - future, `beside ${seq}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('two events are compared by pointer and by keyboard', async () => {
  const { page, complaints, close } = await opened();
  const all = await records(page, await now(page));
  const delivered = all.findLast(({ event }) => event.delivered);
  const sent = all[delivered.caused_by - 1];
  const position = (record) => spot(page, { time: timeOf(record), node: record.node });
  await sheet(page).click({ position: await position(sent) });
  await until('it is selected', async () => (await panel(page).locator('.st-key').count()) === 3);
  await sheet(page).click({ position: await position(delivered), modifiers: ['Shift'] });
  const verdict = panel(page).locator('[data-verdict]');
  await verdict.waitFor();
  assert.equal(await verdict.getAttribute('data-verdict'), 'before');
  const cells = await panel(page).locator('.st-vectors tr').evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
  );
  const [, a, signs, b] = cells;
  assert.equal(a.length, 5);
  for (let i = 0; i < 5; i += 1) {
    const sign = Math.sign(Number(a[i]) - Number(b[i]));
    assert.equal(signs[i + 1], ['<', '=', '>'][sign + 1]);
  }
  await assertAccessible(page, 'comparing');
  await inPanel(page, 'Stop comparing').click();
  assert.equal(await verdict.count(), 0);

  // With keys only, in the other order.
  await sheet(page).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('o');
  await page.keyboard.press('Shift+Enter');
  await verdict.waitFor();
  assert.match(await verdict.getAttribute('data-verdict'), /before|after/);
  await hear(page, /may have caused/);
  assert.deepEqual(complaints, []);
  await close();
});

test('opened, walked, zoomed, moved and closed without a mouse', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#raft/kill-the-leader', paused: true });
  await page.keyboard.press('t');
  await panel(page).waitFor();
  for (let i = 0; i < 12; i += 1) await page.keyboard.press('ArrowRight');
  const events = (await frame(page)).events;
  await sheet(page).focus();
  await page.keyboard.press('ArrowLeft');
  const first = await live(page).innerText();
  await page.keyboard.press('ArrowLeft');
  await until('the next event is said', async () => (await live(page).innerText()) !== first);
  assert.equal((await frame(page)).events, events, 'walking does not move the run');
  const wide = await painted(page);
  await page.keyboard.press('+');
  const narrow = await until('zoomed in', async () => {
    const seen = await painted(page);
    return seen.to - seen.from < (wide.to - wide.from) * 0.6 && seen;
  });
  await page.keyboard.press('PageUp');
  await until('moved', async () => (await painted(page)).from !== narrow.from);
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('0');
  await until('fitted', async () => (await painted(page)).from === 0);
  await page.keyboard.press('Enter');
  await page.getByText('Past', { exact: true }).waitFor();
  await page.keyboard.press('t');
  await until('it is closed', async () => (await panel(page).count()) === 0);
  await page.keyboard.press('t');
  await panel(page).waitFor();
  assert.deepEqual(complaints, []);
  await close();

  // The page remembers it.
  const again = await open(browser, { paused: true, stored: { 'faultline.spacetime': '1' } });
  await panel(again.page).waitFor();
  await again.close();
});

test('it grows while time runs, and a paused page asks for no frames', async () => {
  const { page, complaints, close } = await open(browser, {
    paused: true,
    init: () => {
      window.__asked = 0;
      const ask = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (then) => {
        window.__asked += 1;
        return ask(then);
      };
    },
  });
  await show(page);
  const before = await painted(page);
  await play(page);
  await until('the window moves along', async () => {
    const seen = await painted(page);
    return seen.from !== before.from;
  });
  await pause(page);
  await until('no more frames', async () => {
    const asked = await page.evaluate(() => window.__asked);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 150)));
    return asked === (await page.evaluate(() => window.__asked));
  });
  assert.deepEqual(complaints, []);
  await close();
});

test('a crash, a split and their end are in the table and in the drawing', async () => {
  const { page, complaints, close } = await opened({ scenario: 'cluster/hello', at: 1_500_000 });
  await strike(page, 2).click();
  await page.locator('.verb', { hasText: 'Split' }).click();
  await button(page, 'Step forward').click();
  const pixels = () =>
    page.evaluate(() => {
      const canvas = document.querySelector('.st-content');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let red = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] > 150 && data[i + 1] < 60 && data[i + 2] < 60 && data[i + 3] > 200) red += 1;
      }
      return red;
    });
  await until('the crash is drawn', async () => (await pixels()) > 20);
  await inPanel(page, 'Table').click();
  await tableRows(page).filter({ hasText: 'Node 2 crashes' }).waitFor();
  await inPanel(page, 'Table').click();

  // A command in the past truncates the diagram together with the run.
  await button(page, 'Undo').click();
  await button(page, 'Undo').click();
  await inPanel(page, 'Table').click();
  await until('the crash is gone', async () =>
    (await tableRows(page).filter({ hasText: 'Node 2 crashes' }).count()) === 0,
  );
  assert.deepEqual(complaints, []);
  await close();
});

test('wheel and drag zoom and move; buttons do the same', async () => {
  const { page, complaints, close } = await opened();
  const start = await painted(page);
  const { x, y } = await sheet(page).boundingBox();
  await page.mouse.move(x + 600, y + 80);
  await page.mouse.wheel(0, -300);
  const zoomed = await until('zoomed by the wheel', async () => {
    const seen = await painted(page);
    return seen.to - seen.from < start.to - start.from && seen;
  });
  await page.mouse.down();
  await page.mouse.move(x + 700, y + 80, { steps: 4 });
  await page.mouse.up();
  const dragged = await until('moved by dragging', async () => {
    const seen = await painted(page);
    return seen.from < zoomed.from && seen;
  });
  await inPanel(page, 'Later').click();
  await until('moved by a button', async () => (await painted(page)).from > dragged.from);
  await inPanel(page, 'Zoom out').click();
  await until('zoomed by a button', async () => {
    const seen = await painted(page);
    return seen.to - seen.from > (dragged.to - dragged.from) * 1.5;
  });
  await inPanel(page, 'Follow').click();
  assert.equal(await inPanel(page, 'Follow').getAttribute('aria-pressed'), 'true');
  assert.deepEqual(complaints, []);
  await close();
});

const THEMES = ['light', 'dark', 'projector'];
for (const [size, viewport] of Object.entries(SIZES)) {
  test(`at ${size} size: no problem that axe finds, nothing too small, nothing beyond the edge`, async () => {
    for (const theme of THEMES) {
      const { page, complaints, close } = await opened({
        viewport,
        stored: { 'faultline.theme': theme },
      });
      await sheet(page).focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
      await inPanel(page, 'Filter').click();
      await assertAccessible(page, theme);
      await assertFits(page, theme);
      assert.deepEqual(await smallTargets(page), [], theme);
      assert.deepEqual(complaints, [], theme);
      await close();
    }
    const { page, close } = await opened({ viewport, forcedColors: 'active' });
    await assertAccessible(page, 'forced colours');
    await close();
  });
}

test('a run of direct calls is shown in the order of its events', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#bully/one-election', paused: true });
  await show(page);
  for (let i = 0; i < 30; i += 1) await button(page, 'Step forward').click();
  const seen = await painted(page);
  const { time } = await frame(page);
  if (seen.axis === 'Order') assert.equal(time, 0, 'all at one instant');
  await inPanel(page, 'Table').click();
  assert.ok((await tableRows(page).count()) > 10);
  assert.deepEqual(complaints, []);
  await close();
});
