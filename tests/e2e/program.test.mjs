// The program beside the run: the copied code runs in Node and prints what the run shows, the current
// line follows the run, and a rule shows as the lines it changes.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import {
  assertAccessible,
  assertFits,
  button,
  frame,
  goToInstant,
  launch,
  live,
  open,
  openTab,
  playUntil,
  screenshot,
  SIZES,
  smallTargets,
  tab,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const panel = (page) => page.getByRole('tabpanel', { name: 'Code' });
const atWork = (page) => panel(page).locator('[aria-current="step"] code');
const lines = (page, kind) => panel(page).locator(`.code .${kind} code`).allTextContents();

// Copies the program and runs it in Node; returns its output line by line.
async function printed(page) {
  await openTab(page, 'Code');
  await button(page, 'Copy code').click();
  await until('it is copied', async () => /Copied\./.test(await live(page).textContent()));
  const code = await page.evaluate(() => navigator.clipboard.readText());
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-'));
  try {
    const file = path.join(folder, 'program.mjs');
    await writeFile(file, code);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    return stdout.trim().split('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

const opened = (fragment, options = {}) =>
  open(browser, {
    fragment,
    paused: true,
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });

const tally = async (page) =>
  (await page.locator('.tally li').allTextContents()).join(', ').replace(', ', ': ');

async function turn(page, rule) {
  await openTab(page, 'Settings');
  const settings = page.getByRole('tabpanel', { name: 'Settings' });
  await settings.getByRole('switch', { name: rule }).check();
  await settings.getByRole('button', { name: 'Restart run' }).click();
}

test('the hash ring prints what the ring shows', async () => {
  const { page, complaints, close } = await opened('#hash-ring/add-and-remove');
  const said = await printed(page);
  const shown = [];
  const bars = () =>
    page.locator('.ring-bar:not(.gone)').evaluateAll((all) =>
      JSON.stringify(Object.fromEntries(all.map((bar) => [bar.dataset.bar, Number(bar.dataset.keys)]))),
    );
  const moved = async () => {
    const words = (await page.locator('.ring-words text').allTextContents()).join(' ');
    return Number(/(\d+) moved/.exec(words)?.[1] ?? 0);
  };
  for (const [what, time] of [
    ['3 nodes', 0],
    ['node4 came', 3_500_000],
    ['node2 went', 7_000_000],
  ]) {
    if (time > 0) await goToInstant(page, 'hash-ring/add-and-remove', time);
    shown.push(`${what}: ${await bars()}, ${await moved()} moved`);
  }
  assert.deepEqual(said.slice(0, 3), shown);
  assert.deepEqual(shown, [
    '3 nodes: {"node1":10,"node2":15,"node3":75}, 0 moved',
    'node4 came: {"node1":10,"node2":15,"node3":25,"node4":50}, 50 moved',
    'node2 went: {"node1":25,"node3":25,"node4":50}, 15 moved',
  ]);
  assert.equal(said[3], 'key0 lies at node3');
  assert.deepEqual(complaints, []);
  await close();
});

test('the counter prints what the run shows', async () => {
  const { page, complaints, close } = await opened('#counter/demo');
  const totals = async () => {
    const { probes } = await frame(page);
    return [1, 2, 3].map((id) => probes.find(({ name }) => name === `total_n${id}`).value);
  };
  const agree = async (expected) => {
    const said = await printed(page);
    await playUntil(page, 'all totals are known', ({ time }) => time >= 7_500_000);
    assert.deepEqual(await totals(), expected);
    assert.deepEqual(said.slice(-3), expected.map((total, at) => `${at + 1} adds up to ${total}`));
    return said;
  };
  const said = await agree([4, 4, 4]);
  assert.equal(said[0], '1 counts up to 1');
  assert.equal(said[5], "1 knows { localCount: 1, lastSeen: { '2': 2 } }");
  await turn(page, /passes on what is new/);
  await agree([5, 6, 5]);
  await turn(page, /ignores its own count/);
  await agree([4, 4, 4]);
  assert.deepEqual(complaints, []);
  await close();
});

test('the replicated store prints what the run shows', async () => {
  const { page, complaints, close } = await opened('#kv/demo');
  const said = await printed(page);
  await playUntil(page, 'all is read', ({ time }) => time >= 3_500_000);
  const { nodes, probes } = await frame(page);
  const shown = nodes.map(({ id, chips }) => `${id} has ${chips.toSorted().join(', ')}`);
  assert.deepEqual(said.slice(-4, -1), shown);
  assert.equal(shown[0], '1 has color = red, shape = circle, size = large');
  const messages = probes.find(({ name }) => name === 'messages').value;
  assert.equal(said.at(-1), `${messages} messages`);
  assert.equal(messages, 6);
  assert.deepEqual(complaints, []);
  await close();
});

test('the store that refuses or answers prints what the run shows', async () => {
  const { page, complaints, close } = await opened('#cap/demo');
  const agree = async (expected) => {
    const said = await printed(page);
    const results = said.filter((line) => / while cut off: /.test(line));
    await playUntil(page, 'both are connected again', ({ time }) => time >= 7_500_000);
    const { operations } = await frame(page);
    const ends = operations.slice(3, 7).map(({ ok }) => (ok ? 'SUCCEEDED' : 'FAILED'));
    assert.deepEqual(ends, expected);
    const names = ['CP write', 'AP write', 'CP read', 'AP read'];
    assert.deepEqual(results, names.map((name, at) => `${name} while cut off: ${expected[at]}`));
    return said;
  };
  const written = ['FAILED', 'SUCCEEDED', 'FAILED', 'SUCCEEDED'];
  const said = await agree(written);
  // After the heal only node 3 has the shape, and node 1 has a version of the size without a size.
  assert.equal(said.filter((line) => line.includes("shape: 'circle'")).length, 1);
  assert.equal(said.filter((line) => line.includes('versions: { color: 1, size: 1 }')).length, 1);
  await turn(page, /leaves the old version in place/);
  const mended = await agree(written);
  assert.ok(!mended.some((line) => line.includes('size: 1')));
  assert.deepEqual(complaints, []);
  await close();
});

// Runs the copied program under a clock of its own, which jumps from timer to timer, and returns each line
// with the millisecond at which it is printed.
const virtualTime = (code, until) => `
  let now = 0, seq = 0;
  const due = [];
  Date.now = () => now;
  const at = (ms, run) => due.push({ at: now + ms, seq: (seq += 1), run });
  globalThis.setTimeout = (run, ms) => at(ms, run);
  globalThis.setInterval = (run, ms) => {
    const timer = { set: true };
    const again = () => at(ms, () => {
      if (!timer.set) return;
      again();
      run();
    });
    again();
    return timer;
  };
  globalThis.clearInterval = (timer) => { if (timer) timer.set = false; };
  const log = console.log;
  console.log = (...words) => log(now, ...words);
  ${code}
  for (;;) {
    due.sort((a, b) => a.at - b.at || a.seq - b.seq);
    const next = due.shift();
    if (!next || next.at > ${until}) break;
    now = next.at;
    next.run();
  }`;

test('the failure detector prints what the run shows', async () => {
  const { page, complaints, close } = await opened('#heartbeat/demo');
  await openTab(page, 'Code');
  await button(page, 'Copy code').click();
  await until('it is copied', async () => /Copied\./.test(await live(page).textContent()));
  const code = await page.evaluate(() => navigator.clipboard.readText());
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', virtualTime(code, 15_500)]);
  const said = stdout.trim().split('\n');
  const when = (words) => said.filter((line) => line.endsWith(words)).map((line) => Number(line.split(' ')[0]));
  const detected = [1, 3].map((id) => when(` ${id} declares 2 failed`)[0]);
  const recovered = [1, 3].map((id) => when(` ${id} hears 2 again`)[0]);
  assert.deepEqual([detected, recovered], [[8_000, 8_000], [11_000, 11_000]]);
  for (const [time, failed] of [
    [8_000_000 - 1, false],
    [8_000_000, true],
    [11_000_000 - 1, true],
    [11_000_000, false],
  ]) {
    await goToInstant(page, 'heartbeat/demo', time);
    const { nodes } = await frame(page);
    for (const at of [0, 2]) {
      const believes = nodes[at].beliefs.peers.some(([id, opinion]) => id === 2 && opinion === 'failed');
      assert.equal(believes, failed, `node ${at + 1} at ${time}`);
    }
  }
  assert.equal(said[0], '0 1 starts');
  assert.ok(said.includes("2000 1 believes { '2': true, '3': true }"));
  assert.ok(said.includes("8000 3 believes { '1': true, '2': false }"));
  assert.deepEqual(complaints, []);
  await close();
});

test("gossip's listing spreads all keys, and red or blue at each node", async () => {
  const { page, complaints, close } = await opened('#gossip/demo');
  await goToInstant(page, 'gossip/demo', 600_000, [], { every: '100' });
  const said = await printed(page);
  assert.match(said[0], /^30 messages, \d+ updates$/);
  const nodes = said.slice(1);
  assert.equal(nodes.length, 5);
  // After six rounds most nodes have everything; versions never exceed the two writes.
  for (const [at, line] of nodes.entries()) {
    assert.match(line, new RegExp(`^${at + 1} has (color = (red \\(1\\)|blue \\([12]\\))|shape|size|nothing)`));
  }
  // The line at work is one of the program's.
  await playUntil(page, 'somebody gossips', ({ sent }) => sent.some(([, count]) => count > 0));
  await atWork(page).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

for (const [scenario, all, claims] of [
  ['bully/one-election', '62 messages: 15 ELECTION, 15 OK, 32 LEADER', 8],
  ['election/crowned-four-times', '30 messages: 7 ELECTION, 7 OK, 16 LEADER', 4],
]) {
  test(`${scenario} prints what the run counts, with and without a guard`, async () => {
    const { page, complaints, close } = await opened(`#${scenario}`);
    const over = ({ time }) => time >= 2_500_000;
    const agree = async () => {
      const said = await printed(page);
      await playUntil(page, 'all is said', over);
      const seen = await frame(page);
      const counted = seen.probes.find(({ name }) => name === 'claims').value;
      const follows = seen.nodes.map(({ id, beliefs }) => `${id} follows ${beliefs.leader}`);
      const ends = said.slice(-2 - follows.length);
      assert.deepEqual(ends, [await tally(page), `${counted} times a node became the leader`, ...follows]);
      return ends;
    };
    const written = await agree();
    assert.deepEqual(written.slice(0, 2), [all, `${claims} times a node became the leader`]);
    await turn(page, /guard/);
    const guarded = await agree();
    assert.notEqual(guarded[0], all);
    assert.match(guarded[1], /^1 times/);
    await turn(page, /asks the highest/);
    assert.match((await agree())[0], /^6 messages/);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('seven nodes and another starter are in the code, too', async () => {
  const { page, complaints, close } = await opened('#bully/one-election');
  await openTab(page, 'Settings');
  const settings = page.getByRole('tabpanel', { name: 'Settings' });
  await settings.getByRole('textbox', { name: 'Nodes', exact: true }).fill('7');
  await page.keyboard.press('Enter');
  await until('seven', async () => (await frame(page)).nodes.length === 7);
  const said = await printed(page);
  assert.ok(said.some((line) => line.startsWith('318 messages')), said.slice(-10).join('\n'));
  assert.deepEqual(complaints, []);
  await close();
});

test('the current line follows the run, forward and back', async () => {
  const { page, complaints, close } = await opened('#bully/one-election');
  await openTab(page, 'Code');
  const seen = [];
  for (let i = 0; i < 14; i += 1) {
    await button(page, 'Step forward').click();
    if (await atWork(page).count()) seen.push((await atWork(page).textContent()).trim());
  }
  for (const name of ['receiveElectionMessage', 'receiveOkMessage']) {
    assert.ok(seen.some((line) => line.includes(name)), `${name} in ${[...new Set(seen)].join(' | ')}`);
  }
  await panel(page).getByRole('heading', { name: /^At node \d$/ }).waitFor();
  await panel(page).getByText('this.electionInProgress', { exact: true }).waitFor();
  // It is visible in its listing.
  const [listing, line] = [
    await panel(page).locator('.listing').boundingBox(),
    await atWork(page).boundingBox(),
  ];
  assert.ok(line.y >= listing.y && line.y + line.height <= listing.y + listing.height + 1);
  await screenshot(page, 'program');
  const last = seen.at(-1);
  await button(page, 'Step back').click();
  await button(page, 'Step back').click();
  await button(page, 'Step forward').click();
  await button(page, 'Step forward').click();
  await until('the same line', async () => (await atWork(page).textContent()).trim() === last);
  assert.deepEqual(complaints, []);
  await close();
});

test('a rule shows as the lines it removes and adds', async () => {
  const { page, complaints, close } = await opened('#bully/one-election');
  await openTab(page, 'Code');
  assert.deepEqual(await lines(page, 'removed'), []);
  assert.deepEqual(await lines(page, 'added'), []);
  await turn(page, /each election only once \(guard\)/);
  // By keyboard to the panel beside.
  await tab(page, 'Settings').focus();
  await page.keyboard.press('ArrowRight');
  await panel(page).waitFor();
  const [gone, come] = [await lines(page, 'removed'), await lines(page, 'added')];
  assert.deepEqual(
    gone.map((line) => line.trim()),
    ['if (!this.electionInProgress) this.startElection();'],
  );
  assert.ok(come.some((line) => line.includes('this.ended >= TIMEOUT')));
  await screenshot(page, 'program-rule');
  assert.deepEqual(complaints, []);
  await close();
});

test('a person who reads elsewhere is not pulled back', async () => {
  const { page, complaints, close } = await opened('#bully/one-election');
  await openTab(page, 'Code');
  for (let i = 0; i < 4; i += 1) await button(page, 'Step forward').click();
  const listing = panel(page).locator('.listing');
  const top = () => listing.evaluate((element) => element.scrollTop);
  await listing.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  const end = await top();
  for (let i = 0; i < 6; i += 1) await button(page, 'Step forward').click();
  assert.equal(await top(), end);
  assert.deepEqual(complaints, []);
  await close();
});

test('the page says what the program leaves out', async () => {
  const { page, complaints, close } = await opened('#hash-ring/crash');
  await openTab(page, 'Code');
  const said = panel(page).getByText(/^Not in this program: /);
  assert.match(await said.textContent(), /Copies of each key: 3/);
  assert.match(await said.textContent(), /Silent neighbours are removed/);
  assert.deepEqual(complaints, []);
  await close();
  const written = await opened('#hash-ring/not-round');
  await openTab(written.page, 'Code');
  assert.equal(await panel(written.page).getByText(/^Not in this program: /).count(), 0);
  await written.close();
});

test('two election programs are compared', async () => {
  const { page, complaints, close } = await opened('#election/crowned-four-times');
  await openTab(page, 'Code');
  await panel(page).getByLabel('Compare with').selectOption({ label: 'Bully election' });
  const told = panel(page).getByRole('status');
  await told.waitFor();
  const [here, there] = [await lines(page, 'added'), await lines(page, 'removed')];
  assert.equal(Number(await told.getAttribute('data-differing')), here.length + there.length);
  assert.match(await told.textContent(), new RegExp(`^${here.length + there.length} lines differ`));
  // The other program's check before an election, which this one does not have.
  assert.ok(there.some((line) => line.includes('if (!this.electionInProgress)')));
  assert.ok(here.some((line) => line.includes('setTimeout(() => this.startElection(), DELAY)')));
  await screenshot(page, 'program-compared');
  await panel(page).getByLabel('Compare with').selectOption('');
  assert.deepEqual(await lines(page, 'added'), []);
  assert.deepEqual(complaints, []);
  await close();
});

test('a program pasted from the source of a page does not run, and the copied one does', async () => {
  for (const scenario of ['#hash-ring/mixed', '#gossip/demo']) {
    const { page, close } = await opened(scenario);
    assert.ok((await printed(page)).length > 0, 'the copied program runs');
    const code = await page.evaluate(() => navigator.clipboard.readText());
    const folder = await mkdtemp(path.join(tmpdir(), 'faultline-'));
    const file = path.join(folder, 'pasted.mjs');
    await writeFile(file, code.replaceAll('<', '&lt;'));
    const failed = await promisify(execFile)(process.execPath, [file]).then(
      () => null,
      (error) => error.stderr,
    );
    await rm(folder, { recursive: true });
    await panel(page).getByText('Pasted from the source of a web page').click();
    await panel(page).getByRole('button', { name: 'It runs', exact: true }).click();
    const said = await panel(page).locator('.pasted [role="status"]').innerText();
    if (!code.includes('<')) {
      assert.match(said, /It runs: no line has the sign/);
      assert.equal(failed, null);
    } else {
      assert.match(failed, /SyntaxError/);
      const [, line] = failed.match(/pasted\.mjs:(\d+)/);
      assert.match(said, new RegExp(`You said: It runs\\. It does not run: line ${line} `));
      assert.match(said, /&lt;/);
    }
    await close();
  }
});

test('a link opens the code, where there is one', async () => {
  const { page, complaints, close } = await opened('#bully/one-election');
  await openTab(page, 'Code');
  await button(page, 'Copy link').click();
  await until('the link', async () => /Link copied/.test(await live(page).textContent()));
  const address = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  const second = await open(browser, { fragment: address.hash, paused: true });
  await panel(second.page).waitFor();
  assert.equal(await tab(second.page, 'Code').getAttribute('aria-selected'), 'true');
  assert.deepEqual(second.complaints, []);
  await second.close();
  // Another protocol has no program, and no such tab.
  await page.evaluate(() => (location.hash = '#raft/kill-the-leader'));
  await until('another run', async () => (await frame(page)).nodes.length === 5 && !(await tab(page, 'Code').count()));
  await page.getByRole('tabpanel', { name: 'Inspect' }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

for (const [name, size] of Object.entries(SIZES)) {
  test(`it fits and can be used by all: ${name}`, async () => {
    const { page, complaints, close } = await opened('#hash-ring/search', { viewport: size });
    await openTab(page, 'Code');
    await button(page, 'Step forward').click();
    await button(page, 'Step forward').click();
    await assertFits(page, name);
    await assertAccessible(page, name);
    await panel(page).locator('.listing').scrollIntoViewIfNeeded();
    await screenshot(page, `program-${name}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const [name, look] of Object.entries({
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
  '320 px': { viewport: { width: 320, height: 640 } },
})) {
  test(`the code can be used by all: ${name}`, async () => {
    const { page, complaints, close } = await opened('#bully/one-election', look);
    await turn(page, /each election only once \(guard\)/);
    await openTab(page, 'Code');
    for (let i = 0; i < 3; i += 1) await button(page, 'Step forward').click();
    await assertAccessible(page, name);
    await assertFits(page, name);
    assert.deepEqual(await smallTargets(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });
}
