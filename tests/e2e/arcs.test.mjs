// The arc inside a node's outline shows the time left of its election timeout.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { frame, launch, now, open, stepUntil } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const arcs = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.arc')]
      .filter((arc) => arc.getAttribute('visibility') !== 'hidden')
      .map((arc) => parseInt(arc.getAttribute('stroke-dasharray'), 10)),
  );

test('followers have an arc that empties, the leader has none', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#raft/kill-the-leader',
    paused: true,
  });
  for (const state of ['a heartbeat on its way', 'a follower that has heard it']) {
    await stepUntil(page, state, (seen) => seen.messages.length >= 2);
    const [seen, time] = [await frame(page), await now(page)];
    const timers = seen.nodes.flatMap((node) =>
      node.timers.filter((timer) => timer.name === 'ElectionTimeout'),
    );
    assert.equal(timers.length, 4);
    const left = ({ set_at, due }) => Math.floor((100 * (due - time)) / (due - set_at));
    assert.deepEqual(await arcs(page), timers.map(left));
  }
  assert.deepEqual(complaints, []);
  await close();
});
