// The league table: a person's settings beside the presets, over the same seeds.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, launch, open, openTab, screenshot, SIZES, assertFits, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const table = (page) => page.locator('.league-table');
const rows = (page) =>
  table(page).locator('tbody').evaluateAll((rows) =>
    rows.map((row) => ({
      title: row.querySelector('th button').textContent,
      own: row.classList.contains('own'),
      cells: [...row.querySelectorAll('td')].map((cell) => parseFloat(cell.textContent)),
      best: [...row.querySelectorAll('td')].map((cell) => cell.classList.contains('best')),
      left: row.querySelector('th .quiet')?.textContent,
    })),
  );
const measured = (page) =>
  until('a whole table', async () => {
    const all = await rows(page);
    return all.length > 0 && all.every(({ left }) => !left) && all;
  });

test('settings are ranked over the same seeds, and open as a run', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#cap/heal' });
  await openTab(page, 'Measures');
  const league = page.getByRole('region', { name: 'League table' });
  await league.getByRole('button', { name: 'Measure' }).click();
  const presets = await measured(page);
  assert.ok(presets.length >= 4 && presets.every(({ own }) => !own));
  // Each column marks its least value, and the table is sorted by the first.
  for (const column of presets[0].cells.keys()) {
    const values = presets.map(({ cells }) => cells[column]).filter(Number.isFinite);
    const best = presets.filter(({ best }) => best[column]);
    assert.ok(best.every(({ cells }) => cells[column] === Math.min(...values)));
  }
  const first = presets.map(({ cells }) => cells[0]).filter(Number.isFinite);
  assert.deepEqual(first, [...first].sort((a, b) => a - b));
  await screenshot(page, 'league-presets');

  // A person's own settings come beside them.
  await openTab(page, 'Settings');
  await page.getByRole('switch', { name: /answers/ }).first().click();
  await openTab(page, 'Measures');
  await league.getByRole('button', { name: /Measure again/ }).click();
  const own = (await measured(page)).filter(({ own }) => own);
  assert.equal(own.length, 1);
  assert.equal(own[0].title, 'Your settings');
  await assertAccessible(page, 'league table');
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
  }
  await page.setViewportSize(SIZES.desktop);
  await screenshot(page, 'league-own');
  await table(page).getByRole('button', { name: 'Your settings' }).click();
  await until('the run of a row', async () => (await page.evaluate(() => location.hash)).length > 0);
  assert.deepEqual(complaints, []);
  await close();
});
