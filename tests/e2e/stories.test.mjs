// The stories that a teacher tells with the home cluster, each at every size: with the mouse on the
// desktop, with a finger on tablet and phone, and again with the keyboard alone (in the long version at
// every size; `keyboard.test` has the rest). The tests check what people see and hear; pictures go to
// target/screenshots.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { finger, keyboard, leader, mouse, stepTo } from './hands.mjs';
import {
  caption,
  frame,
  launch,
  leaders,
  lists,
  live,
  LONG,
  node,
  open,
  rows,
  screenshot,
  SIZES,
  stage,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const WAYS = [
  ['desktop', 'mouse', mouse, {}],
  ['tablet', 'finger', finger, { hasTouch: true, isMobile: true }],
  ['phone', 'finger', finger, { hasTouch: true, isMobile: true }],
  ...(LONG ? Object.keys(SIZES) : ['desktop']).map((size) => [size, 'keyboard', keyboard, {}]),
];

// Opens the home page at a size, and returns the hand that acts on it.
function story(title, name, tell, { paused = true } = {}) {
  for (const [size, with_, make, touch] of WAYS) {
    test(`${title}: ${size}, ${with_}`, async () => {
      const options = { viewport: SIZES[size], ...touch, fragment: '#raft', paused };
      const { page, complaints, close } = await open(browser, options);
      const picture = (part = '') =>
        screenshot(page, ['story', name, part, size, with_].filter(Boolean).join('-'));
      await tell({ page, hand: make(page), picture, size });
      assert.deepEqual(complaints, []);
      await close();
    });
  }
}

const life = (seen, id) => seen.nodes.find((node) => node.id === id)?.life;
const log = (seen, id) =>
  seen.nodes.find((node) => node.id === id).figures.find(({ log }) => log).log;
const label = (page, id) => node(page, id).getAttribute('aria-label');
const said = (page) => live(page).innerText();
const term = (seen, id) => Number(/^term (\d+)$/.exec(seen.nodes[id - 1].inside)?.[1]);
const struck = (page) => stage(page).locator('.log-entry.truncated');

// The event log has a row with this text.
async function logSays(page, hand, kind, pattern) {
  await hand.tab('Log');
  await hand.choose('Kind of event', kind);
  await until(`the log says ${pattern}`, async () =>
    (await rows(page).allInnerTexts()).some((row) => pattern.test(row.replace(/\s+/g, ' '))),
  );
}

story(
  'the leader is crashed and another one is elected',
  'crash',
  async ({ page, hand, picture }) => {
    const first = await leader(page);
    await hand.strike(first);
    assert.match(await said(page), new RegExp(`Node ${first} was crashed\\.`));
    assert.ok(life(await frame(page), first).down);
    await stage(page)
      .getByText(/^down \d/)
      .waitFor();
    const elected = await until('a new leader', async () => {
      const [one, other] = leaders(await frame(page));
      return one !== first && !other && one;
    });
    await hand.pause();
    const here = await frame(page);
    assert.ok(term(here, elected) > 1, 'of a later term');
    assert.match(await label(page, elected), /leader, term \d+, up, thinks it is the leader/i);
    assert.match(await label(page, first), /down/);
    await until('the caption tells', async () =>
      new RegExp(`Node ${elected} leads`).test(
        await caption(page).innerText(),
      ),
    );
    await picture();
    await logSays(page, hand, 'What you did', new RegExp(`Node ${first} was crashed\\.`));
    // It restarts as a follower.
    await hand.strike(first);
    await stepTo(page, hand, 'it follows', (seen) =>
      seen.nodes[first - 1].label === 'follower' && term(seen, first) === term(seen, elected),
    );
    assert.match(await label(page, first), new RegExp(`follower.*thinks node ${elected} is the leader`, 'i'));
  },
  { paused: false },
);

story('three sides and a one-way cut', 'sides', async ({ page, hand, picture }) => {
  await hand.sides([1, 2], [4, 5]);
  const { sides } = await frame(page);
  assert.deepEqual(
    sides.map((ids) => ids.join()).sort(),
    ['1,2', '3', '4,5'],
    'each node hears its own side only',
  );
  assert.match(await said(page), /was split: /);
  for (const letter of ['A', 'B', 'C']) {
    await stage(page).getByText(new RegExp(`^side ${letter}($| · )`, 'i')).waitFor();
  }
  const words = await lists(page).ariaSnapshot();
  assert.match(words, /Side .: node 3\b/);
  assert.match(words, /Side .: nodes 4 and 5/);
  assert.match(words, /Cut link 2 to 3[\s\S]*?blocked by a partition/);
  await stepTo(
    page,
    hand,
    'messages at the partition',
    ({ messages }) => messages.filter(({ fate }) => fate.blocked).length > 0,
    60,
  ).catch(() => {});
  await picture();
  await hand.press('Heal split');
  assert.deepEqual((await frame(page)).sides, []);
  assert.match(await said(page), /The partition is healed/);

  await hand.mute(3, 1);
  const link = (await frame(page)).links.find(({ a, b }) => a === 1 && b === 3);
  assert.ok(link.blocked_back && !link.blocked, '1 reaches 3, and 3 does not reach 1');
  assert.match(await said(page), /Messages from node 3 to node 1 are now blocked/);
  assert.match(await lists(page).ariaSnapshot(), /blocked from 3 to 1/);
  await picture('one-way');
  await logSays(page, hand, 'What you did', /Messages from node 3 to node 1 are now blocked\./);
});

story('one vote is dropped', 'vote', async ({ page, hand, picture }) => {
  const first = await leader(page);
  await hand.strike(first);
  const votes = ({ messages }) => messages.filter(({ kind }) => kind === 'RequestVoteReply');
  const seen = await stepTo(page, hand, 'two votes on their way', (seen) => votes(seen).length > 1);
  const [vote] = votes(seen);
  const [, voter, candidate] = /^n(\d+)->n(\d+)#/.exec(vote.address);
  await hand.message(vote.address, 'Drop');
  assert.ok(!(await frame(page)).messages.some(({ address }) => address === vote.address));
  assert.match(
    await said(page),
    new RegExp(`The message from node ${voter} to node ${candidate} was dropped\\.`),
  );
  await picture();
  // All nodes except the voter with the lost reply count: three of five elect.
  const then = await stepTo(page, hand, 'an election is won', (seen) => {
    const [one] = leaders(seen);
    return one !== undefined && one !== first;
  });
  assert.ok(leaders(then).length === 1);
  await logSays(page, hand, 'Lost messages', /RequestVoteReply from node \d to node \d was lost: it was dropped by hand/);
});

story('the timers are aligned, and the vote splits', 'split-vote', async ({ page, hand, picture }) => {
  const first = await leader(page);
  const before = term(await frame(page), first);
  await hand.strike(first);
  await hand.press('Align timers');
  assert.match(await said(page), /timers/i);
  const asking = (seen) => seen.nodes.filter(({ label }) => label.startsWith('candidate'));
  const seen = await stepTo(page, hand, 'all four ask at once', (seen) => asking(seen).length === 4);
  assert.deepEqual(new Set(asking(seen).map(({ inside }) => inside)).size, 1, 'in the same term');
  await until('the caption tells', async () =>
    /at once: the votes may split/.test(await caption(page).innerText()),
  );
  for (const { id, figures } of asking(seen)) {
    const { gauge } = figures.find(({ gauge }) => gauge?.name === 'votes');
    assert.equal(gauge.value, 1, `node ${id} has no vote but its own`);
    assert.match(await label(page, id), /candidate: 1 of 3 votes, term \d+, up, knows no leader/);
  }
  await stepTo(
    page,
    hand,
    'the questions are on their way',
    ({ messages, time }) =>
      messages.filter(({ kind, sent, arrives }) => {
        const part = (time - sent) / (arrives - sent);
        return kind.startsWith('RequestVote') && part > 0.2;
      }).length > 4,
    40,
  );
  await picture();
  const won = await stepTo(page, hand, 'somebody wins in the end', (seen) => leaders(seen).length > 0);
  assert.ok(term(won, leaders(won)[0]) > before + 1, 'not in the term whose vote was split');
});

story(
  'writes on both sides, healing, and what was never committed is deleted',
  'truncation',
  async ({ page, hand, picture }) => {
    const old = await leader(page);
    const friend = (old % 5) + 1;
    await hand.write(old, '1');
    await stepTo(page, hand, 'all have it', (seen) =>
      [1, 2, 3, 4, 5].every((id) => log(seen, id).commit === log(seen, old).entries.length),
    );
    const safe = log(await frame(page), old).entries.length;
    // The leader keeps one follower: no majority.
    await hand.isolate([old, friend]);
    await hand.write(old, '2');
    await hand.write(old, '3');
    const fresh = await stepTo(page, hand, 'the others elect a leader', (seen) =>
      leaders(seen).some((id) => id !== old && id !== friend),
    );
    const [young] = leaders(fresh).filter((id) => id !== old);
    await hand.write(young, '4');
    const apart = await stepTo(page, hand, 'its write is safe', (seen) => {
      const { commit, entries } = log(seen, young);
      return commit >= safe + 2 && commit === entries.length;
    });
    assert.equal(log(apart, old).commit, safe, 'the old leader commits nothing');
    assert.ok(log(apart, old).entries.length >= safe + 2);
    await until('the caption tells of two leaders', async () =>
      /hasn't heard, and still thinks it is the leader/.test(await caption(page).innerText()),
    );
    await until('what differs is told apart', async () =>
      (await stage(page).locator('.log-entry.conflicting').count()) > 0,
    );
    assert.match(await lists(page).ariaSnapshot(), new RegExp(`Node ${old}: log .*conflicting`));
    await picture('apart');

    await hand.press('Heal split');
    const cut = await stepTo(page, hand, 'entries are deleted', (seen) =>
      log(seen, old).removed.length > 0,
    );
    await until('they are struck through', async () => (await struck(page).count()) > 0);
    assert.match(
      await lists(page).ariaSnapshot(),
      new RegExp(`Node ${old}: log .*${log(cut, old).removed.length} truncated`),
    );
    await picture('struck');
    const end = await stepTo(page, hand, 'all logs are one', (seen) => {
      const terms = [1, 2, 3, 4, 5].map((id) => log(seen, id).entries.map(({ term }) => term).join());
      return new Set(terms).size === 1 && [1, 2, 3, 4, 5].every((id) => !log(seen, id).removed.length);
    });
    await until('nothing is struck through any more', async () => (await struck(page).count()) === 0);
    assert.doesNotMatch(await lists(page).ariaSnapshot(), /truncated|conflicting/);
    assert.deepEqual(leaders(end), [young]);
    await picture('one');
    await logSays(page, hand, 'Remarks', /deletes \d+ entr(y|ies) from index \d+: the log of (?:n|node )\d differs/);
    await hand.tab('Measures');
    for (const law of end.verdicts.filter(({ kind }) => kind === 'Always')) {
      assert.notEqual(law.light?.broken !== undefined, true, law.name);
    }
  },
);

story('a node is added and one is removed', 'membership', async ({ page, hand, picture }) => {
  const first = await leader(page);
  await hand.add();
  assert.match(await said(page), /Node 6 was added|node was added/i);
  await node(page, 6).waitFor();
  const seen = await stepTo(page, hand, 'it has the log', (seen) =>
    log(seen, 6).commit > 0 && log(seen, 6).commit === log(seen, first).commit,
  );
  assert.match(seen.nodes[5].label, /^learner/);
  assert.match(await label(page, 6), /learner, term \d, up, thinks node \d is the leader/);
  assert.match(await lists(page).ariaSnapshot(), /Node 6: log \d+ entr/);
  await picture('added');
  // The leader leaves: four of five servers are left, and the learner has no vote.
  await hand.remove(first);
  assert.equal((await frame(page)).nodes.length, 5);
  assert.equal(await node(page, first).count(), 0);
  assert.match(await said(page), new RegExp(`Node ${first} was removed`));
  const then = await stepTo(page, hand, 'another one leads', (seen) => leaders(seen).length === 1);
  const [next] = leaders(then);
  assert.ok(next !== first && next !== 6);
  await picture('removed');
  await logSays(page, hand, 'What you did', new RegExp(`Node ${first} was removed\\.`));
});
