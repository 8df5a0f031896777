// The stage: lines that split the network, logs in one table, messages that are pickable from their
// start, and room for many nodes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { atRest, frame, goTo, launch, lists, hear, open, SIZES, stage, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The middle of a node's body on the screen.
async function middle(page, id) {
  const shape = stage(page).locator(`[data-node="${id}"] .shape`);
  const { x, y, width, height } = await shape.boundingBox();
  return { x: x + width / 2, y: y + height / 2 };
}

const between = (a, b, part = 0.5) => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });

// Draws a straight line with the mouse from the gap between two nodes to another gap, and a little
// further at both ends.
async function line(page, [a, b], [c, d], { letGo = true } = {}) {
  const [one, two, three, four] = await Promise.all([a, b, c, d].map((id) => middle(page, id)));
  const [from, to] = [between(one, two), between(three, four)];
  const [start, end] = [between(from, to, -0.12), between(from, to, 1.12)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  for (let step = 1; step <= 12; step += 1) {
    const at = between(start, end, step / 12);
    await page.mouse.move(at.x, at.y);
  }
  if (letGo) await page.mouse.up();
}

const sides = async (page) => (await frame(page)).sides;
const five = (page) =>
  goTo(page, 'five servers', 'raft/kill-the-leader', ({ nodes }) => nodes.length === 5);

test('two lines drawn over the stage make three sides', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await five(page);
  await line(page, [5, 1], [2, 3], { letGo: false });
  await stage(page).getByText('1, 2 | 3, 4, 5', { exact: true }).waitFor();
  await page.mouse.up();
  assert.deepEqual(await sides(page), [[1, 2], [3, 4, 5]]);
  await atRest(page);
  await line(page, [3, 4], [3, 5]);
  assert.deepEqual(await sides(page), [[1, 2], [3], [4, 5]]);
  for (const letter of ['A', 'B', 'C']) {
    await stage(page).getByText(new RegExp(`^Side ${letter} · `)).waitFor();
  }
  assert.match(await lists(page).ariaSnapshot(), /Side C: nodes 4 and 5/);
  await hear(page, /split|partition|side/i);
  await page.keyboard.press('Control+z');
  assert.deepEqual(await sides(page), [[1, 2], [3, 4, 5]]);
  assert.deepEqual(complaints, []);
  await close();
});

test('Esc cancels a line, and a line that separates no nodes changes nothing', async () => {
  const { page, close } = await open(browser, { paused: true });
  await five(page);
  await line(page, [5, 1], [2, 3], { letGo: false });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  assert.deepEqual(await sides(page), []);
  // From node to node along the edge of the ring: a drag that starts on a node is not a line.
  const [one, two] = [await middle(page, 1), await middle(page, 3)];
  await page.mouse.move(one.x, one.y);
  await page.mouse.down();
  await page.mouse.move(two.x, two.y, { steps: 8 });
  await page.mouse.up();
  assert.deepEqual(await sides(page), []);
  await close();
});

test('a finger draws once nodes are being ticked', async () => {
  const { page, close } = await open(browser, {
    paused: true,
    viewport: SIZES.phone,
    hasTouch: true,
  });
  await five(page);
  await page.locator('body').press('s');
  const action = () =>
    page.locator('svg.scene').evaluate((scene) => getComputedStyle(scene).touchAction);
  await until('the page does not scroll under the finger', async () => (await action()) === 'none');
  await page.keyboard.press('Escape');
  await until('it scrolls again', async () => (await action()) !== 'none');
  await close();
});

test('logs stand in one table, with each state told apart', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const states = (seen) => new Set(seen);
  // A leader cut off from the majority has written entries that no other node has.
  const seen = await goTo(
    page,
    'an entry that is not committed',
    'raft/write-and-heal',
    ({ nodes }) =>
      nodes.some(({ figures }) =>
        figures.some(({ log }) => log && log.entries.length + log.first - 1 > log.commit),
      ) && nodes.some(({ figures }) => figures.some(({ log }) => log && log.applied > 1)),
  );
  const logs = seen.nodes.map((node) => node.figures.find(({ log }) => log).log);
  assert.equal(await stage(page).locator('.log-line').count(), logs.length);
  const shown = await stage(page)
    .locator('.log-entry')
    .evaluateAll((cells) => cells.map((cell) => cell.classList[1]));
  assert.ok(states(shown).has('applied'), shown.join());
  assert.ok(states(shown).has('uncommitted') || states(shown).has('conflicting'), shown.join());
  const words = await lists(page).ariaSnapshot();
  logs.forEach((log, i) => {
    const count = log.first - 1 + log.entries.length;
    const entries = count === 1 ? 'entry' : 'entries';
    assert.match(words, new RegExp(`Node ${i + 1}: log ${count} ${entries}, ${log.commit} committed`));
  });
  // Healed: entries that the majority never had are deleted and stay visible.
  await goTo(page, 'truncated entries', 'raft/write-and-heal', ({ nodes }) =>
    nodes.some(({ figures }) => figures.some(({ log }) => log?.removed.length)),
  );
  await until('it is struck through', async () =>
    (await stage(page).locator('.log-entry.truncated').count()) > 0,
  );
  assert.match(await lists(page).ariaSnapshot(), /\d truncated/);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`logs lie on no node: ${name}`, async () => {
    const { page, close } = await open(browser, { paused: true, viewport });
    await goTo(page, 'entries', 'raft/write-and-heal', ({ nodes }) =>
      nodes.every(({ figures }) => figures.some(({ log }) => log?.entries.length > 1)),
    );
    const meet = () =>
      page.evaluate(() => {
        const area = (element) => element.getBoundingClientRect();
        const logs = [...document.querySelectorAll('.log-line')].map(area);
        const others = '.node .shape, .node .under, .strike .disc, .crown';
        const bodies = [...document.querySelectorAll(others)].map(area);
        const meets = (a, b) =>
          a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        return { logs: logs.length, bad: logs.some((a) => bodies.some((b) => meets(a, b))) };
      });
    await until('the logs stand there', async () => (await meet()).logs > 0);
    assert.equal((await meet()).bad, false);
    await close();
  });
}

test('a message can be clicked as soon as it has left', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const seen = await goTo(
    page,
    'messages that have just left',
    'raft/kill-the-leader',
    ({ messages, time }) =>
      messages.some(({ sent, arrives }) => time >= sent && (time - sent) / (arrives - sent) < 0.1),
  );
  const young = seen.messages.find(
    ({ sent, arrives }) => seen.time >= sent && (seen.time - sent) / (arrives - sent) < 0.1,
  );
  const glyph = page.locator(`.flight [data-message="${young.address}"]`);
  const { x, y, width, height } = await glyph.locator('.outline').boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  const [, from, to] = /^n(\d+)->n(\d+)#/.exec(young.address);
  await page.getByRole('group', { name: `${young.kind} from ${from} to ${to}` }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

for (const nodes of [12, 50]) {
  test(`${nodes} nodes: nothing that can be clicked overlaps`, async () => {
    const { page, close } = await open(browser, { paused: true });
    await goTo(page, 'all of them', 'bully/kill-the-leader', () => true, [], { nodes: `${nodes}` });
    await until('they stand there', async () =>
      (await stage(page).locator('[data-node]').count()) === nodes,
    );
    const bad = await page.evaluate(() => {
      const of = (selector) => [...document.querySelectorAll(selector)].map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2, r: width / 2 };
      });
      const all = [...of('.strike .disc'), ...of('.node .shape')];
      const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
      return all.filter((a, i) =>
        all.slice(i + 1).some((b) => far(a, b) < (a.r + b.r) * 0.9),
      ).length;
    });
    assert.equal(bad, 0);
    await close();
  });
}

test('many messages are pixels and can still be picked', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goTo(
    page,
    'a busy instant',
    'cluster/hello',
    ({ messages, time }) =>
      messages.filter(({ sent, arrives }) => {
        const part = (time - sent) / (arrives - sent);
        return part > 0.3 && part < 0.7;
      }).length > 130,
    [],
    { nodes: '40' },
  );
  assert.equal(await page.locator('[data-message]:not([visibility="hidden"])').count(), 0);
  const at = await page.locator('canvas.swarm').evaluate((canvas) => {
    const { data, width } = canvas
      .getContext('2d')
      .getImageData(0, 0, canvas.width, canvas.height);
    // A drawn pixel well inside the ring, away from nodes.
    for (let i = 3; i < data.length; i += 4) {
      const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
      const inside = Math.abs(x - width / 2) < width / 6 && Math.abs(y - canvas.height / 2) < 60;
      if (data[i] === 255 && inside) return { x, y, ratio: canvas.clientWidth / width };
    }
    return null;
  });
  assert.ok(at, 'something is drawn');
  const box = await page.locator('canvas.swarm').boundingBox();
  await page.mouse.click(box.x + at.x * at.ratio, box.y + at.y * at.ratio);
  await until('a message is picked', () => page.locator('.message-menu').isVisible());
  assert.deepEqual(complaints, []);
  await close();
});

test('the stage can be measured alone', async () => {
  const { page, close } = await open(browser, { paused: true });
  const here = new URL(page.url());
  await page.goto(`${here.origin}${here.pathname}?bench=stage&nodes=30&messages=200&seconds=0.5`);
  const result = await until('figures', () => page.evaluate(() => window.__result));
  for (const name of ['frame_p50', 'frame_p95', 'script_p50', 'script_p95', 'frames']) {
    assert.ok(result[name] >= 0, `${name}: ${result[name]}`);
  }
  await close();
});

test('a seek by script updates state and picture', async () => {
  const { page, close } = await open(browser, { paused: true });
  const ran = await page.evaluate(() => window.__seek.run(5));
  const end = (await frame(page)).time;
  assert.ok(ran >= 0 && end >= 5_000_000);
  const took = await page.evaluate(() => window.__seek.seek(0.5));
  assert.ok(took >= 0);
  assert.equal((await frame(page)).time, Math.floor(end / 2));
  await page.getByText('Past', { exact: true }).waitFor();
  await close();
});
