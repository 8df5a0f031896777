// Who thinks what of whom, beside the truth.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, goToInstant, launch, open, openTab, screenshot, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const beliefs = (page) => page.getByRole('region', { name: 'Who thinks what of whom' });
const wrong = (page) =>
  beliefs(page).locator('td.wrong').evaluateAll((cells) => cells.map((cell) => cell.title));

test('opinions that are not the truth have a corner, and are said', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  // Two live nodes do not hear each other.
  await goToInstant(page, 'cluster/one-link-cut', 9_000_000);
  await openTab(page, 'Measures');
  await until('two wrong opinions', async () => (await wrong(page)).length === 2);
  assert.deepEqual(await wrong(page), [
    'Node 1 thinks that node 2 may be down: wrong',
    'Node 2 thinks that node 1 may be down: wrong',
  ]);
  await assertAccessible(page, 'opinions');
  await screenshot(page, 'beliefs');
  // A node has crashed, and nobody has noticed yet: all others are wrong about it.
  await goToInstant(page, 'cluster/one-link-cut', 9_000_000, ['8900ms crash n3']);
  await openTab(page, 'Measures');
  await until('everybody is wrong', async () => (await wrong(page)).length === 6);
  assert.ok((await wrong(page)).includes('Node 5 thinks that node 3 is alive: wrong'));
  assert.deepEqual(complaints, []);
  await close();
});

test('a large cluster has one tile a node, with how many are wrong about it', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'cluster/one-link-cut', 9_000_000, [], { nodes: '14' });
  await openTab(page, 'Measures');
  const tiles = beliefs(page).locator('.belief-tile');
  await until('a tile a node', async () => (await tiles.count()) === 14);
  assert.equal(await tiles.nth(0).getAttribute('aria-label'), 'Node 1 is up; 1 node is wrong about it');
  await tiles.nth(1).click();
  await page.getByRole('tab', { name: 'Inspect', selected: true }).waitFor();
  await assertAccessible(page, 'tiles of opinions');
  assert.deepEqual(complaints, []);
  await close();
});
