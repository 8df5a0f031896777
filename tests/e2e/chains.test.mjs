// Chains of blocks: an edited block, an attack measured over many runs, and what double signing costs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, button, goToInstant, launch, open, openTab, screenshot, SIZES, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const block = (page, state) => page.locator(`.chain .block.${state}`);

test('an edited block breaks all that follow it, and the node gets its chain back', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'pow/edit-a-block', 39_900_000);
  assert.equal(await block(page, 'broken').count(), 0);
  const before = await block(page, 'chosen').count();
  assert.ok(before > 3, `${before} blocks`);
  await goToInstant(page, 'pow/edit-a-block', 40_000_500);
  await until('blocks are broken', async () => (await block(page, 'broken').count()) > 1);
  await screenshot(page, 'pow-edited');
  await goToInstant(page, 'pow/edit-a-block', 45_000_000);
  await until('the chain is whole again', async () => (await block(page, 'broken').count()) === 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('forks lie beside the chain, and the tree is said in words', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const seen = await goToInstant(page, 'pow/slow-network', 60_000_000);
  assert.ok(probe(seen, 'forks') > 0);
  await until('a block aside', async () => (await block(page, 'aside').count()) > 0);
  const words = page.locator('.mirror').getByRole('heading', { name: /^Chains/ });
  assert.equal(await words.count(), 1);
  await screenshot(page, 'pow-forks');
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
    await screenshot(page, `pow-forks-${name}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('the chance of an attacker is measured over 200 seeds', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#pow/double-spend', paused: true });
  await openTab(page, 'Measures');
  await page.getByRole('button', { name: /^Curve: Payments that were counted on/ }).click();
  const panel = page.locator('.sweep');
  await panel.waitFor();
  await panel.locator('#sweep-along').selectOption('confirmations');
  const values = { From: 1, To: 5, Step: 4, 'Seeds each': 200 };
  for (const [name, value] of Object.entries(values)) await panel.getByRole('textbox', { name }).fill(String(value));
  await button(page, 'Measure').click();
  await until(
    'all runs are measured',
    async () => {
      const [, done, all] = /(\d+) of (\d+) runs/.exec(await panel.getByText(/runs measured$/).innerText()) ?? [];
      return all === '400' && done === all;
    },
    120_000,
  );
  await panel.getByText('Table', { exact: true }).click();
  const row = (name) => panel.getByRole('row', { name }).innerText();
  assert.notEqual(await row(/^1 /), await row(/^5 /));
  await screenshot(page, 'pow-attack');
  assert.deepEqual(complaints, []);
  await close();
});

test('who signs twice is slashed', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const seen = await goToInstant(page, 'pos/two-votes', 60_000_000);
  assert.equal(probe(seen, 'slashed'), 1);
  assert.ok(probe(seen, 'burned') > 0);
  assert.equal(seen.nodes.find(({ id }) => id === 4).role, 'slashed');
  await until('blocks are final', async () => (await block(page, 'final').count()) > 0);
  await openTab(page, 'Measures');
  await assertAccessible(page, 'a slashed validator');
  await screenshot(page, 'pos-slashed');
  assert.deepEqual(complaints, []);
  await close();
});
