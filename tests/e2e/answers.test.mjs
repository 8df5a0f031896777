// What a reader would get at each node now: said over the stage, and seen on it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  caption,
  frame,
  goToInstant,
  launch,
  node,
  open,
  screenshot,
  SIZES,
  stage,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Each answer with the nodes that would give it, as a person sees it.
const told = (page) =>
  page.locator('.caption .answer-now').evaluateAll((chips) =>
    chips.map((chip) => ({
      answer: chip.querySelector('b').textContent,
      nodes: [...chip.querySelectorAll('.by i')].map((i) => Number(i.textContent)),
      wrong: chip.classList.contains('other'),
    })),
  );
const marked = (page, count) =>
  until(`${count} nodes marked`, async () => (await stage(page).locator('.node .misleads').count()) === count);

test('during a cut, two answers to one question are seen at a glance', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  // One side has written k4, and the other has not heard of it.
  await goToInstant(page, 'cap/heal', 8_900_000);
  assert.match(await caption(page).innerText(), /reader of k4 now gets.*Last confirmed: left/s);
  assert.deepEqual(await told(page), [
    { answer: 'left', nodes: [1, 2, 3], wrong: false },
    { answer: 'old', nodes: [4, 5], wrong: true },
  ]);
  await marked(page, 2);
  const { narration, answers } = await frame(page);
  assert.match(narration, /left at nodes 1, 2 and 3 and old at nodes 4 and 5/);
  assert.deepEqual(answers.right, ['Last confirmed', 'left']);
  await screenshot(page, 'answers-cut');
  await assertAccessible(page, 'two answers');
  // After the heal both values are kept, and all nodes give the same.
  await goToInstant(page, 'cap/heal', 15_900_000, [], { resolution: 'last-write' });
  assert.equal((await told(page)).length, 1);
  await marked(page, 0);
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await goToInstant(page, 'cap/heal', 8_900_000);
    assert.equal((await told(page)).length, 2);
    await assertFits(page, name);
    await screenshot(page, `answers-${name}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('a node that refuses says so, and misleads nobody', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'cap/three-and-two', 6_500_000);
  const shown = await told(page);
  assert.deepEqual(shown.find(({ answer }) => answer === 'refused')?.nodes, [4, 5]);
  await marked(page, 0);
  // The counter's truth is the sum of what was counted, even where nobody has heard of it.
  await goToInstant(page, 'counter/demo', 1_000_000);
  assert.match(await caption(page).innerText(), /True total: \d/);
  assert.deepEqual(complaints, []);
  await close();
});

test('two stores that compare hashes go down only where they differ', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'kv/one-of-eight', 8_500_000);
  const { nodes } = await frame(page);
  const compared = nodes.find(({ figures }) => figures.some(({ halves }) => halves?.compared.length > 1));
  assert.ok(compared, 'somebody has compared parts');
  await node(page, compared.id).click();
  const halves = page.locator('.halves');
  await halves.waitFor();
  const part = (kind) => halves.locator(`.half.${kind}`);
  // The whole differs, so its halves were compared; below an equal half nobody has looked.
  assert.ok((await part('differs').count()) > 0 && (await part('equal').count()) > 0);
  assert.equal(await halves.locator('.half').count(), 15);
  assert.match(await halves.innerText(), /k\d/);
  await screenshot(page, 'answers-hashes');
  await assertAccessible(page, 'halves');
  assert.deepEqual(complaints, []);
  await close();
});
