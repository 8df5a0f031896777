// How nodes stand: each algorithm in its own form, sides of a split apart, a choice that a link keeps.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  atRest,
  button,
  frame,
  goToInstant,
  launch,
  now,
  open,
  openTab,
  SIZES,
  stage,
  stepUntil,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The middle of a node's body in the page.
const middle = async (page, id) => {
  const box = await stage(page).locator(`[data-node="${id}"] .shape`).boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};
const middles = async (page, ids) => {
  const all = [];
  for (const id of ids) all.push(await middle(page, id));
  return all;
};
test('an election by number stands in a row with arcs above', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#bully/kill-the-leader', paused: true });
  const places = await middles(page, [1, 2, 3, 4, 5]);
  for (let i = 1; i < 5; i += 1) assert.ok(places[i].x > places[i - 1].x, 'higher to the right');
  const arcs = await stage(page).locator('.link .line').evaluateAll((lines) =>
    lines.map((line) => line.getBoundingClientRect().top),
  );
  assert.equal(arcs.length, 10);
  assert.ok(Math.min(...arcs) < Math.min(...places.map(({ y }) => y)) - 60, 'arcs are above');
  assert.deepEqual(complaints, []);
  await close();
});

test('an election on a ring has the links of a ring, and a detour past a silent neighbour appears', async () => {
  const { page, close } = await open(browser, { paused: true });
  await goToInstant(page, 'ring-election/kill-the-leader', 3_000_000);
  const links = () => stage(page).locator('.link').count();
  assert.equal(await links(), 5);
  const around = (a, b) => [1, 4].includes(Math.abs(a - b));
  await goToInstant(page, 'ring-election/kill-the-leader', 20_000_000);
  await stepUntil(page, 'a message skips a neighbour', ({ messages }) =>
    messages.some(({ address }) => {
      const [from, to] = address.match(/\d+/g).map(Number);
      return !around(from, to);
    }), 900);
  assert.ok((await links()) > 5, 'the link that the message uses is drawn');
  await close();
});

test('clocks stand on lanes, with the past behind them', async () => {
  const { page, close } = await open(browser, { paused: true });
  await goToInstant(page, 'vector/textbook-figure', 3_000_000);
  const places = await middles(page, [1, 2, 3]);
  assert.ok(places.every(({ x }) => Math.abs(x - places[0].x) < 1), 'one below the other');
  const painted = await page.locator('.lanes-past .st-content').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let seen = 0;
    for (let i = 3; i < data.length; i += 4) seen += data[i] > 0;
    return seen;
  });
  assert.ok(painted > 2000, `${painted} pixels of the past`);
  await close();
});

test('three sides of a split stand apart with two walls, and losses lie on them', async () => {
  const { page, close } = await open(browser, { paused: true });
  const split = ['600ms partition n1|n2,n3|n4,n5'];
  await goToInstant(page, 'raft/kill-the-leader', 700_000, split);
  await atRest(page);
  const names = await stage(page).locator('.side-name').allTextContents();
  assert.deepEqual(
    names.filter((name) => name.startsWith('Side')).map((name) => name.slice(0, 15)),
    ['Side A · 1 of 5', 'Side B · 2 of 5', 'Side C · 2 of 5'],
  );
  assert.match(names.join(' '), /cannot elect/);
  const walls = await stage(page).locator('.wall').evaluateAll((all) => all.map((w) => w.getBoundingClientRect().x));
  assert.equal(walls.length, 2);
  const [one, two, four] = await middles(page, [1, 2, 4]);
  assert.ok(one.x < walls[0] && walls[0] < two.x && two.x < walls[1] && walls[1] < four.x);
  // The leader's heartbeats to the other sides end at a wall.
  await stepUntil(page, 'a heartbeat is lost at a wall', ({ losses }) => losses.length > 0);
  const lost = await stage(page).locator('.lost.wall-met').evaluateAll((all) =>
    all.map((cross) => cross.getCTM().e),
  );
  const box = await stage(page).boundingBox();
  assert.ok(lost.every((x) => walls.some((wall) => Math.abs(x + box.x - wall) < 24)), `${lost} at ${walls}`);
  await close();
});

test('a person chooses how nodes stand, and a link keeps it', async () => {
  const { page, close } = await open(browser, {
    fragment: '#raft/kill-the-leader',
    paused: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await openTab(page, 'Settings');
  await page.getByLabel('Nodes stand').selectOption('row');
  await atRest(page);
  const inRow = (places) => places.every(({ x }, i) => i === 0 || x > places[i - 1].x);
  assert.ok(inRow(await middles(page, [1, 2, 3, 4, 5])));
  const hash = (await frame(page)).time;
  assert.equal(await now(page), hash, 'the run does not change');
  await button(page, 'Copy link').click();
  const link = await until('the link is copied', () =>
    page.evaluate(() => navigator.clipboard.readText()).then((text) => text.includes('#') && text),
  );
  const other = await open(browser, { fragment: `#${link.split('#')[1]}` });
  assert.ok(inRow(await middles(other.page, [1, 2, 3, 4, 5])));
  await other.close();
  await page.getByLabel('Nodes stand').selectOption('');
  await atRest(page);
  assert.ok(!inRow(await middles(page, [1, 2, 3, 4, 5])));
  await close();
});

test('on a phone every form keeps its nodes on the stage', async () => {
  const { page, close } = await open(browser, { viewport: SIZES.phone, paused: true });
  for (const scenario of ['bully/kill-the-leader', 'ring-election/one-round', 'vector/textbook-figure', 'lease/cut-off']) {
    await goToInstant(page, scenario, 2_000_000);
    await atRest(page);
    const box = await stage(page).boundingBox();
    const shapes = await stage(page).locator('.node .shape').evaluateAll((all) =>
      all.map((shape) => shape.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })),
    );
    for (const { left, right, top, bottom } of shapes) {
      const inside = left >= box.x && right <= box.x + box.width && top >= box.y && bottom <= box.y + box.height;
      assert.ok(inside, `${scenario}: ${[left, right, top, bottom]} in ${JSON.stringify(box)}`);
    }
  }
  await close();
});

test('with reduced motion nothing walks and nothing leaves a trail', async () => {
  const { page, close } = await open(browser, { reducedMotion: 'reduce', paused: true });
  await goToInstant(page, 'bully/kill-the-leader', 500_000);
  const walks = await stage(page).locator('.node').first().evaluate((node) => getComputedStyle(node).transitionDuration);
  assert.equal(walks, '0s');
  const trails = await stage(page).locator('.trail').evaluateAll((all) => all.map((t) => getComputedStyle(t).display));
  assert.ok(trails.every((display) => display === 'none'));
  await close();
});
