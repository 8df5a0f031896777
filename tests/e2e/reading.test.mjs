// Logs of other systems: by drop, file, paste and keyboard into the space-time diagram, with the
// figures that ShiViz finds; what breaks its rules is refused with the line.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile, readdir } from 'node:fs/promises';

import {
  SIZES,
  assertAccessible,
  assertFits,
  button,
  launch,
  live,
  open,
  pause,
  play,
  screenshot,
  traceHash,
  until,
} from './page.mjs';

const LOGS = new URL('../../crates/cli/tests/shiviz/', import.meta.url);
const log = (name) => readFile(new URL(name, LOGS), 'utf8');
const json = async (name) => JSON.parse(await log(name));

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const reader = (page) => page.getByRole('dialog', { name: 'Log of another system' });
const inReader = (page, name) => reader(page).getByRole('button', { name, exact: true });
const drawing = (page) => page.getByRole('application', { name: 'Space-time diagram' });
const wrong = (page) => reader(page).locator('.wrong').innerText();

async function drop(page, text, name = 'system.log') {
  await page.evaluate(
    ([text, name]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      const dropped = { dataTransfer: transfer, bubbles: true, cancelable: true };
      document.body.dispatchEvent(new DragEvent('drop', dropped));
    },
    [text, name],
  );
  await until('the log is there', async () => {
    const words = reader(page).locator('.reading-sum, .wrong:not(:empty)');
    return (await words.count()) && (await words.first().innerText());
  });
}

async function readAs(page, { parser, delimiter }) {
  if (!(await reader(page).getByLabel('Parser').isVisible())) {
    await inReader(page, 'How to find events').click();
  }
  await reader(page).getByLabel('Parser').fill(parser);
  await reader(page).getByLabel('Delimiter').fill(delimiter);
  await inReader(page, 'Read the log').click();
}

const counted = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`;

// The reader's figures for an execution, compared with those of ShiViz.
function summary(of) {
  const hosts = Object.entries(of.hosts).map(([host, events]) => `${host} ${events}`);
  return {
    hosts,
    words:
      `${counted(of.direct_message_edges, 'direct message')}. ` +
      `${counted(of.happened_before_pairs, 'pair')} of events are ordered, ${of.concurrent_pairs} are ` +
      `concurrent. The longest chain of causes has ${counted(of.max_lamport_time, 'event')}.`,
  };
}

async function assertFigures(page, of) {
  const { hosts, words } = summary(of);
  const told = await until('the figures are there', async () => {
    const told = await reader(page).locator('.reading-sum').innerText();
    return told.includes(words) && told;
  });
  assert.ok(told.startsWith(`${counted(of.events, 'event')} (`), told);
  for (const host of hosts) assert.ok(told.includes(host), `${host}: ${told}`);
}

test('every log has the figures that ShiViz finds', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const was = await traceHash(page);
  const [expected, forms] = [await json('EXPECTED.json'), await json('LOGS.json')];
  assert.equal(Object.keys(expected).length, 4);
  for (const [name, executions] of Object.entries(expected)) {
    await drop(page, await log(name), name);
    await reader(page).waitFor();
    // One of them contains its own parser.
    if (!(await log(name)).startsWith('(?<')) await readAs(page, forms[name]);
    const names = Object.keys(executions);
    for (const execution of names) {
      if (names.length > 1) {
        await reader(page).getByLabel('Execution').selectOption({ label: execution });
      }
      await assertFigures(page, executions[execution]);
    }
  }
  await page.keyboard.press('Escape');
  await until('the run is back', async () => (await reader(page).count()) === 0);
  assert.equal(await traceHash(page), was, 'the run has waited');
  assert.deepEqual(complaints, []);
  await close();
});

test('logs that break a rule are refused with the line, and can be repaired', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const all = (await readdir(new URL('reject/', LOGS))).sort();
  assert.equal(all.length, 8);
  for (const name of all) {
    await drop(page, await log(`reject/${name}`), name);
    await until(`${name} is refused`, async () => {
      const seen = await reader(page).count();
      return seen && /^Line \d+: .{20,}\.$/.test(await wrong(page));
    });
    assert.equal(await drawing(page).count(), 0, name);
    await inReader(page, 'Close log').click();
  }
  // A wrong expression is the person's error, not the log's; the dropped log is kept meanwhile.
  await drop(page, await log('facebook.log'));
  await readAs(page, { parser: '(?<host>[', delimiter: '' });
  await until('the missing groups are named', async () => /no group `clock`/.test(await wrong(page)));
  await readAs(page, { parser: '(?<host>\\S*)(?<clock>{.*)(?<event>[', delimiter: '' });
  await until('the mistake is named', async () => /not a regular expression/.test(await wrong(page)));
  await readAs(page, (await json('LOGS.json'))['facebook.log']);
  await assertFigures(page, (await json('EXPECTED.json'))['facebook.log']['']);
  assert.deepEqual(complaints, []);
  await close();
});

test('a log is walked, its cones and clocks read, two events compared, by keyboard alone', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const text = await log('RpcClientServer.log');
  await button(page, 'Share').focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('textbox', { name: 'Link or text of a file' });
  await field.waitFor();
  for (let i = 0; i < 40 && !(await field.evaluate((e) => e === document.activeElement)); i += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.insertText(text);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await reader(page).waitFor();
  for (
    let i = 0;
    i < 40 && !(await drawing(page).evaluate((e) => e === document.activeElement));
    i += 1
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowLeft');
  await until('the keyboard is somewhere', async () => /line/.test(await live(page).innerText()));
  // To the first event of its host, and seek there.
  for (let i = 0; i < 12; i += 1) await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const told = reader(page).locator('.st-told');
  await until('the event is told', async () => /\(line \d+\)/.test(await told.innerText()));
  assert.match(await told.innerText(), /past 0/, 'a first event has no past at its own host');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+Enter');
  const verdict = reader(page).locator('.st-compare');
  await until('the two are compared', async () => /A is before B/.test(await verdict.innerText()));
  await page.keyboard.press('Escape');
  await until('the run is back', async () => (await reader(page).count()) === 0);
  await play(page);
  await pause(page);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`a log at ${name} size`, async () => {
    const { page, complaints, close } = await open(browser, { paused: true, viewport });
    await drop(page, await log('facebook.log'));
    await readAs(page, (await json('LOGS.json'))['facebook.log']);
    await drawing(page).waitFor();
    await until('the diagram is painted', () => drawing(page).getAttribute('data-window'));
    // A click on the first event of the second host.
    const box = await drawing(page).boundingBox();
    const [, from, to, left, right, top, bottom] = (
      await drawing(page).getAttribute('data-window')
    ).split(' ');
    assert.ok(Number(left) > 80, 'names of hosts have room');
    const x = (at) => Number(left) + ((at - from) / (to - from)) * (right - left);
    await page.mouse.click(
      box.x + x(1),
      box.y + Number(top) + (bottom - top) * (0.5 / 4),
    );
    const told = reader(page).locator('.st-told');
    await until('the event is told', async () => /uid=alice/.test(await told.innerText()));
    await inReader(page, 'Table').click();
    const rows = reader(page).locator('.st-table tbody tr');
    await until('the table has rows', async () => (await rows.count()) > 5);
    assert.match(await rows.first().innerText(), /alice/);
    await inReader(page, 'Table').click();
    await drawing(page).waitFor();
    await screenshot(page, `log-${name}`);
    await assertFits(page);
    await assertAccessible(page);
    assert.deepEqual(complaints, []);
    await close();
  });
}
