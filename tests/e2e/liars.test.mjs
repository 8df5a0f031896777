// Agreement among liars: one of four changes nothing, two of four split the honest ones.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, goToInstant, launch, open, openTab, screenshot, SIZES } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const broken = ({ verdicts }) => verdicts.filter(({ light }) => light.broken).map(({ name }) => name);

test('one liar of four changes nothing, two of four make honest replicas differ', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const one = await goToInstant(page, 'pbft/two-stories', 15_000_000);
  assert.equal(probe(one, 'split'), 0);
  assert.equal(probe(one, 'executed'), 2, 'the request runs although the primary lies');
  assert.deepEqual(broken(one), []);
  assert.equal(one.nodes.find(({ id }) => id === 1).lie, 'forge', 'the mask is on node 1');
  await screenshot(page, 'pbft-one-liar');
  const two = await goToInstant(page, 'pbft/two-liars', 15_000_000);
  assert.equal(probe(two, 'split'), 1);
  assert.ok(broken(two).includes('same-history'), broken(two).join());
  await openTab(page, 'Measures');
  await assertAccessible(page, 'two liars of four');
  await screenshot(page, 'pbft-two-liars');
  assert.deepEqual(complaints, []);
  await close();
});

test('a person makes a second replica lie, and honest ones differ', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const told = await goToInstant(page, 'pbft/two-stories', 15_000_000, ['4200ms lie n2 forge']);
  assert.ok(broken(told).includes('same-history'), broken(told).join());
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
  }
  assert.deepEqual(complaints, []);
  await close();
});
