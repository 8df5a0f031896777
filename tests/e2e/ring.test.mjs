// The ring of keys: its drawing agrees with the data, whatever a person does to it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  button,
  caption,
  frame,
  goToInstant,
  launch,
  node,
  open,
  openTab,
  screenshot,
  SIZES,
  stage,
  tab,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const ring = (page) => page.locator('.key-ring');

// The bars: each owner's name and number, as drawn.
async function bars(page) {
  const all = await page.locator('.ring-bar:not(.gone)').evaluateAll((bars) =>
    bars.map((bar) => [
      bar.querySelector('.bar-name').textContent.trim().split(' ')[1],
      Number(bar.querySelector('.bar-keys').textContent),
    ]),
  );
  return Object.fromEntries(all);
}

const middle = async (page) =>
  (await page.locator('.ring-words text').allTextContents()).join(' ');

async function reads(page, what, counts) {
  const names = Object.keys(counts);
  await until(what, async () => {
    const seen = await bars(page);
    return (
      Object.keys(seen).length === names.length && names.every((name) => seen[name] === counts[name])
    );
  });
}

// Time passes until the nodes have checked their neighbours.
async function look(page) {
  const { time } = await frame(page);
  for (let i = 0; i < 60 && (await frame(page)).time < time + 1_100_000; i += 1) {
    await button(page, 'Step forward').click();
  }
}

async function choose(page, name, value) {
  await openTab(page, 'Settings');
  const field = page.getByRole('tabpanel', { name: 'Settings' }).getByLabel(name, { exact: true });
  if ((await field.evaluate((element) => element.tagName)) === 'SELECT') {
    await field.selectOption(value);
  } else {
    await field.fill(value);
    await field.press('Enter');
  }
  await look(page);
}

async function add(page) {
  if (!(await button(page, 'Add node').isVisible())) await button(page, 'More faults').click();
  await button(page, 'Add node').click();
  await look(page);
}

test('a hundred keys on three nodes: one comes, one goes', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#hash-ring', paused: true });
  await reads(page, 'as written', { node1: 10, node2: 15, node3: 75 });
  assert.match(await middle(page), /100 keys 9 points/);
  // Three groups of points, and each owner's stretch in its own pattern.
  const labels = await page.locator('.ring-label').allTextContents();
  assert.deepEqual(labels.sort(), ['A 597–599', 'B 558–560', 'C 519–521']);
  const weaves = await page.locator('.stretch').evaluateAll((all) => all.map((p) => p.getAttribute('fill')));
  assert.equal(new Set(weaves).size, 3);
  await screenshot(page, 'ring-as-written');

  // Not at the first instant: commands there are part of the run's start.
  await look(page);
  await add(page);
  await reads(page, 'node4 came', { node1: 10, node2: 15, node3: 25, node4: 50 });
  assert.match(await middle(page), /50 moved/);
  assert.equal(await page.locator('.trail-keys').textContent(), '50', 'all of them the same way');
  await screenshot(page, 'ring-added');

  await page.keyboard.press('Escape');
  await node(page, 2).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await look(page);
  await reads(page, 'node2 went', { node1: 25, node3: 25, node4: 50 });
  assert.match(await middle(page), /15 moved/);

  // Time runs backwards for the ring too.
  await page.keyboard.press('Home');
  await reads(page, 'back at the start', { node1: 10, node2: 15, node3: 75 });
  assert.deepEqual(complaints, []);
  await close();
});

test('a better hash alone does not help, many points do', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#hash-ring', paused: true });
  await choose(page, 'Hash function', 'mixed');
  await reads(page, 'mixed, three points', { node1: 68, node2: 16, node3: 16 });
  await choose(page, 'Points per node (virtual nodes)', '50');
  await reads(page, 'mixed, fifty points', { node1: 34, node2: 25, node3: 41 });
  await add(page);
  await until('a quarter moved', async () => /25 moved/.test(await middle(page)));
  await screenshot(page, 'ring-mixed');
  assert.deepEqual(complaints, []);
  await close();
});

test('with hash mod N, nearly every key moves', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#hash-ring/mod-n',
    paused: true,
  });
  await goToInstant(page, 'hash-ring/mod-n', 4_000_000);
  await until('trails everywhere', async () => /72 moved/.test(await middle(page)));
  assert.ok((await page.locator('.ring-trail').count()) > 40);
  await screenshot(page, 'ring-mod-n');
  assert.deepEqual(complaints, []);
  await close();
});

test('a search halves the remaining points step by step', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#hash-ring/search',
    paused: true,
  });
  const seen = new Set();
  for (let i = 0; i < 80 && (await page.locator('.walk-step').count()) === 0; i += 1) {
    await button(page, 'Step forward').click();
    const bracket = page.locator('.search-bracket');
    if (await bracket.count()) seen.add(await bracket.getAttribute('d'));
  }
  assert.equal(seen.size, 3, 'three brackets, each smaller');
  assert.equal(await page.locator('.search-word').textContent(), 'key7');
  assert.equal(await page.locator('.walk-step text').textContent(), '1');
  await openTab(page, 'Inspect');
  await node(page, 1).click();
  await page.getByRole('columnheader', { name: /^key7 \(hash/ }).waitFor();
  await screenshot(page, 'ring-search');
  assert.deepEqual(complaints, []);
  await close();
});

test('a typed key goes to its owner and is seen there', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#hash-ring', paused: true });
  await goToInstant(page, 'hash-ring/not-round', 1_000_000, [
    '500ms request n1 {"put":{"key":"my own key","value":"x"}}',
  ]);
  await page.locator('.ring-typed').getByText('my own key').waitFor();
  const seen = await bars(page);
  assert.equal(seen.node1 + seen.node2 + seen.node3, 101);
  assert.deepEqual(complaints, []);
  await close();
});

test('who is picked stands out, by keyboard and by pointer', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#hash-ring', paused: true });
  await page.locator('.stretch[data-owner="node2"]').click();
  await page.locator('.stretch.chosen[data-owner="node2"]').waitFor();
  await node(page, 3).focus();
  await page.keyboard.press('Enter');
  await page.locator('.stretch.chosen[data-owner="node3"]').waitFor();
  // The same in words and numbers, for screen readers.
  await tab(page, 'Inspect').click();
  await page.getByRole('cell', { name: 'key99', exact: true }).waitFor();
  assert.equal(await ring(page).getAttribute('aria-hidden'), 'true');
  assert.deepEqual(complaints, []);
  await close();
});

test('a hundred nodes and ten thousand keys are drawn as well', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#hash-ring', paused: true });
  const params = { nodes: '100', keys: '10000', virtual_nodes: '20' };
  await goToInstant(page, 'hash-ring/hand-over', 4_000_000, [], params);
  await until('all are drawn', async () => (await page.locator('.ring-bar').count()) === 101);
  assert.match(await middle(page), /10000 keys\s+2020 points/);
  const paths = await ring(page).locator('*').count();
  assert.ok(paths < 2_500, `${paths} elements`);
  await screenshot(page, 'ring-large');
  assert.deepEqual(complaints, []);
  await close();
});

for (const [name, size] of Object.entries(SIZES)) {
  test(`nodes, ring and bars stand clear of each other: ${name}`, async () => {
    const { page, complaints, close } = await open(browser, {
      fragment: '#hash-ring/add-and-remove',
      paused: true,
      viewport: size,
    });
    const box = (locator) => locator.boundingBox();
    const [floor, band, bar] = [
      await box(stage(page)),
      await box(page.locator('.ring-band')),
      await box(page.locator('.ring-bars')),
    ];
    for (const part of [band, bar]) {
      assert.ok(part.x >= floor.x && part.x + part.width <= floor.x + floor.width + 1, 'on the stage');
      assert.ok(part.y >= floor.y && part.y + part.height <= floor.y + floor.height + 1);
    }
    assert.ok(band.x + band.width <= bar.x, 'bars beside the ring');
    for (const id of [1, 2, 3]) {
      const body = await box(node(page, id));
      const apart = body.x + body.width <= band.x || body.y + body.height <= band.y;
      assert.ok(apart, `node ${id} beside or above the ring`);
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('two rings side by side, also where each has little room', async () => {
  for (const viewport of [SIZES.desktop, SIZES.tablet]) {
    const { page, complaints, close } = await open(browser, {
      fragment: '#hash-ring/not-round',
      paused: true,
      viewport,
    });
    await button(page, 'Compare').click();
    await page.getByRole('button', { name: 'Over a network, with a good hash and many points' }).click();
    for (const letter of ['A', 'B']) {
      const run = page.getByRole('region', { name: `Run ${letter}` });
      const [floor, band] = [
        await run.locator('.scene').boundingBox(),
        await run.locator('.ring-band').boundingBox(),
      ];
      assert.ok(band.width > 90 && band.x >= floor.x && band.y >= floor.y, `${viewport.width}: ${letter}`);
      assert.ok(band.y + band.height <= floor.y + floor.height + 1);
    }
    await screenshot(page, `rings-compared-${viewport.width}`);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test('lost keys are counted once and named', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#hash-ring/lost-on-the-way',
    paused: true,
  });
  const seen = await goToInstant(page, 'hash-ring/lost-on-the-way', 20_000_000);
  const stored = Object.fromEntries(
    seen.nodes.map(({ label, inside }) => [label.replace('named ', ''), inside.split(' ')[0]]),
  );
  const sum = Object.values(stored).reduce((sum, keys) => sum + Number(keys), 0);
  assert.ok(sum < 100, JSON.stringify(stored));
  await reads(
    page,
    'the bars say what the nodes say',
    Object.fromEntries(Object.entries(stored).map(([name, keys]) => [name, Number(keys)])),
  );
  assert.match(await middle(page), new RegExp(`^${sum} of 100 keys`));
  const words = await caption(page).innerText();
  const [, most] = /holds (\d+) of the 100 keys/.exec(words);
  assert.equal(Number(most), Math.max(...Object.values(stored).map(Number)), words);
  const lost = 100 - sum;
  assert.ok(words.includes(lost === 1 ? '1 key is stored nowhere.' : `${lost} keys are stored nowhere.`), words);
  await screenshot(page, 'ring-lost');
  assert.deepEqual(complaints, []);
  await close();
});
