// A curve over many runs: measured in a worker, stopped half-way, and its points open the very runs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  accessibilityProblems, assertFits, button, frame, launch, now, open, openTab, ready, screenshot, SIZES, smallTargets, THEMES, traceHash, until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const SCENARIO = '#bully/one-election';
const panel = (page) => page.locator('.sweep');
const chart = (page) => page.getByRole('slider', { name: /^Measured runs/ });
const measured = (page) => panel(page).getByText(/runs measured$/);
const field = (page, name) => panel(page).getByRole('textbox', { name });
const said = (page) => panel(page).locator('output').innerText();

// Opens the form for the messages of a run.
async function form(options = {}) {
  const session = await open(browser, { fragment: SCENARIO, paused: true, ...options });
  const { page } = session;
  await openTab(page, 'Measures');
  await page.getByRole('button', { name: 'Curve: Messages sent' }).click();
  await panel(page).waitFor();
  return session;
}

async function measure(page, values) {
  for (const [name, value] of Object.entries(values)) await field(page, name).fill(String(value));
  await button(page, 'Measure').click();
}

// How many of how many runs are measured.
const counts = async (page) => {
  const [, done, all] = /(\d+) of (\d+) runs/.exec(await measured(page).innerText());
  return { done: Number(done), all: Number(all) };
};
const whole = (page) =>
  until('all runs are measured', async () => {
    const { done, all } = await counts(page);
    return done === all && all;
  });

// The run that is open, played to its end: its nodes and what a probe reads.
async function played(page, probe = 'messages') {
  const seconds = /Each run lasts (\d+) s/.exec(await panel(page).innerText())[1];
  await page.evaluate((seconds) => window.__seek.run(seconds), Number(seconds) - (await now(page)) / 1e6);
  const { nodes, probes } = await frame(page);
  const { value } = probes.find(({ name }) => name === probe);
  return { nodes: nodes.length, value };
}

test('a curve is measured in a worker, and a click on a point opens its run', async () => {
  const { page, complaints, close } = await form();
  await measure(page, { From: 3, To: 6, Step: 1, 'Seeds each': 2 });
  assert.equal(await whole(page), 8);
  assert.equal(page.workers().length, 1, 'the page does not do the work itself');
  assert.match(page.workers()[0].url(), /worker\.js$/);
  // The rightmost dot is where the last key leads.
  await chart(page).press('End');
  const box = await chart(page).locator('circle').boundingBox();
  await chart(page).press('Home');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const [, nodes, value] = /^Nodes (\d+), seed \d+: (\d+) messages$/.exec(await said(page));
  assert.equal(nodes, '6');
  await until('the run opens', async () => (await frame(page)).nodes.length === 6);
  assert.deepEqual(await played(page), { nodes: 6, value: Number(value) });
  await panel(page).getByText('Table', { exact: true }).click();
  const row = panel(page).getByRole('row', { name: /^6 / });
  assert.match(await row.innerText(), new RegExp(`\\b${value}\\b`), 'the table has the same numbers');
  assert.deepEqual(complaints, []);
  await close();
});

test('each node crashes at each moment, and a cell opens its run', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#two-phase-commit/all-agree', paused: true });
  await openTab(page, 'Measures');
  await page.getByRole('button', { name: 'Curve: Time that rows stay locked because the coordinator is down' }).click();
  await panel(page).waitFor();
  await panel(page).locator('#sweep-along').selectOption('One crash: who and when');
  await field(page, 'From event').fill('1');
  await field(page, 'To event').fill('16');
  await button(page, 'Measure').click();
  assert.equal(await whole(page), 1 + 4 * 16);
  const grid = panel(page).getByRole('region', { name: /^One crash/ });
  const cells = (node) => grid.getByRole('button', { name: new RegExp(`^Node ${node} crashes`) });
  assert.equal(await cells(1).count(), 16);
  // The coordinator is the one whose crash leaves others waiting, and only in the middle.
  const differing = (node) => cells(node).and(page.locator('.differs')).count();
  const points = await differing(1);
  assert.ok(points > 3 && points < 16, `${points} moments`);
  for (const node of [2, 3, 4]) assert.equal(await differing(node), 0);
  const cell = cells(1).and(page.locator('.differs')).first();
  const [, after, blocked] = /after event (\d+): ([\d.]+) s/.exec(await cell.getAttribute('aria-label'));
  assert.deepEqual(await accessibilityProblems(page), []);
  await screenshot(page, 'crash-grid');
  await cell.click();
  await until(`node 1 crashes after event ${after}`, async () => {
    await page.evaluate((seconds) => window.__seek.run(seconds), 12);
    return (await frame(page)).nodes[0].life !== 'up';
  });
  const { probes } = await frame(page);
  const { value } = probes.find(({ name }) => name === 'blocked');
  assert.ok(Math.abs(value - Number(blocked)) < 0.01 || value > Number(blocked), `${value} and ${blocked}`);
  assert.deepEqual(complaints, []);
  await close();
});

test('a long curve is stopped half-way, and its points open runs; then it is measured again', async () => {
  const { page, complaints, close } = await form({ fragment: '#raft' });
  await measure(page, { From: 3, To: 9, Step: 1, 'Seeds each': 200 });
  await until('some runs are measured', async () => (await measured(page).count()) && (await counts(page)).done > 10);
  const [worker] = page.workers();
  await button(page, 'Stop').click();
  const { done, all } = await counts(page);
  assert.ok(done < all, `${done} of ${all}`);
  await until('its worker is gone', () => page.workers().every((one) => one !== worker));
  await chart(page).press('End');
  const nodes = Number(/^\D*(\d+)/.exec(await said(page))[1]);
  const value = await said(page);
  await button(page, 'Open this run').click();
  await until('the run opens', async () => (await frame(page)).nodes.length >= nodes);
  assert.equal(await said(page), value, 'the curve stays');
  assert.ok(Math.abs((await counts(page)).done - done) <= 0, 'nothing more is measured');
  // The next request starts another worker.
  await measure(page, { From: 3, To: 4, 'Seeds each': 1 });
  assert.equal(await whole(page), 2);
  assert.deepEqual(complaints, []);
  await close();
});

test('a worker that is killed from outside is told, and asking again works', async () => {
  const { page, close } = await form({
    init: () => {
      const Real = window.Worker;
      window.Worker = class extends Real {
        constructor(...words) {
          super(...words);
          window.lastWorker = this;
        }
      };
    },
  });
  await measure(page, { From: 3, To: 4, 'Seeds each': 1 });
  await whole(page);
  await page.evaluate(() => {
    // What a run that breaks the program does.
    const last = window.lastWorker;
    last.postMessage = () => setTimeout(() => last.onmessage({ data: { failed: 'unreachable' } }), 0);
  });
  await button(page, 'Measure').click();
  await panel(page).getByRole('alert').waitFor();
  assert.match(await panel(page).getByRole('alert').innerText(), /Measure again/);
  await button(page, 'Measure').click();
  assert.equal(await whole(page), 2);
  assert.equal(await panel(page).getByRole('alert').count(), 0);
  await close();
});

test('without workers the page measures between pictures, and can be stopped', async () => {
  const { page, complaints, close } = await form({ init: () => delete window.Worker });
  await measure(page, { From: 3, To: 6, 'Seeds each': 2 });
  assert.equal(await whole(page), 8);
  await measure(page, { From: 3, To: 14, Step: 1, 'Seeds each': 100 });
  await panel(page).getByText(/cannot start a worker/).waitFor();
  await button(page, 'Stop').click();
  const { done, all } = await counts(page);
  assert.ok(done < all);
  assert.deepEqual(complaints, []);
  await close();
});

test('the curve of a question is measured in a worker, and is what the command line says', async () => {
  const { page, complaints, close } = await open(browser, { paced: true, fragment: '#election/fewest-messages' });
  const card = page.locator('.ask-card');
  await card.waitFor();
  await until('it is the question with a curve', async () => {
    if (/Draw how many messages/.test(await card.innerText())) return true;
    await button(page, 'Question after').click();
    return false;
  });
  await button(page, 'Just watch').click();
  await page.locator('.ask-answer').waitFor();
  assert.equal(page.workers().length, 1);
  // One question, one yes, and an announcement for each other node.
  const row = page.locator('.ask-table tr').nth(1).locator('td');
  assert.deepEqual(await row.allInnerTexts(), ['3', '5', '7', '9', '11', '13']);
  assert.deepEqual(complaints, []);
  await close();
});

test('with the keyboard alone: a form, a curve over seeds, a run', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#bully/kill-the-leader', paused: true });
  await ready(page);
  await openTab(page, 'Measures');
  const curve = page.getByRole('button', { name: 'Curve: Messages sent' });
  await curve.focus();
  await page.keyboard.press('Enter');
  await until('the form has the focus', () => page.evaluate(() => document.activeElement?.id === 'sweep-along'));
  await page.keyboard.press('End');
  await until('it is along seeds', async () => (await field(page, 'Step').count()) === 0);
  await page.keyboard.press('Tab');
  await page.keyboard.type('11');
  await field(page, 'From').fill('11');
  await page.keyboard.press('Tab');
  await field(page, 'To').fill('30');
  await page.keyboard.press('Enter');
  assert.equal(await whole(page), 20);
  await chart(page).focus();
  await page.keyboard.press('ArrowRight');
  const words = await said(page);
  const [, value] = /^Seed 12: (\d+) messages$/.exec(words);
  const before = await traceHash(page);
  assert.equal(await chart(page).getAttribute('aria-valuetext'), words);
  await page.keyboard.press('Enter');
  await until('the run opens', async () => (await traceHash(page)) !== before);
  assert.equal((await played(page)).value, Number(value));
  assert.deepEqual(complaints, []);
  await close();
});

test('a form that cannot be says what to write', async () => {
  const { page, close } = await form();
  for (const [values, words] of [
    [{ From: 6, To: 3 }, /must be the larger one/],
    [{ From: 'x', To: 9 }, /"x" is not a number/],
    [{ From: 3, To: 900 }, /must lie between/],
    [{ From: 3, To: 40, 'Seeds each': 500 }, /at most 2000/],
  ]) {
    await measure(page, values);
    await panel(page).getByRole('alert').getByText(words).waitFor();
  }
  await button(page, 'Close').click();
  assert.equal(await panel(page).count(), 0);
  await close();
});

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`the curve fits and can be used by all: ${name}`, async () => {
    const { page, close } = await form({ viewport });
    await measure(page, { From: 3, To: 6 });
    await whole(page);
    await assertFits(page, name);
    assert.deepEqual(await accessibilityProblems(page), []);
    const small = await smallTargets(page);
    assert.deepEqual(small, []);
    await close();
  });
}

test('a finger finds every control of the curve', async () => {
  const { page, close } = await form({ viewport: SIZES.phone, hasTouch: true, isMobile: true });
  await measure(page, { From: 3, To: 6 });
  await whole(page);
  const low = await panel(page).locator('button, select, summary, input').evaluateAll((all) =>
    all.map((one) => [one.textContent || one.id, one.getBoundingClientRect().height]).filter(([, high]) => high < 44),
  );
  assert.deepEqual(low, []);
  await close();
});

for (const [theme, stored] of Object.entries(THEMES)) {
  test(`the curve can be used by all: ${theme}`, async () => {
    const { page, close } = await form({ stored });
    await measure(page, { From: 3, To: 6 });
    await whole(page);
    assert.deepEqual(await accessibilityProblems(page), []);
    await close();
  });
}
