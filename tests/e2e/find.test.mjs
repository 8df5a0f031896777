// Find a failure: a search in a worker, a strip with a mark for each run, and the shortest run on the stage
// and as a link; then a run that is played by hand.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';

import {
  accessibilityProblems, assertFits, button, frame, launch, live, node, now, open, openTab, playUntil, ready, SIZES, smallTargets, THEMES,
  traceHash, until, untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const RAFT = 'raft/kill-the-leader';
// Servers vote for any candidate: one partition is enough to lose an entry.
const FLAWED = { version: 1, scenario: RAFT, preset: 'no-log-check', seed: '1' };
const LAW = 'leader-completeness';
// A protocol whose runs are short, for tests of how the sheet looks.
const QUICK = { version: 1, scenario: 'bully/one-election', seed: '1' };

// A link to a run, as the page writes them.
const link = (recipe) =>
  `#v1.${deflateRawSync(JSON.stringify({ recipe, cursor: 0, look: { paused: 'yes' } })).toString('base64url')}`;

const panel = (page) => page.locator('.hunt');
const strip = (page) => page.getByRole('slider', { name: /^Random runs/ });
const card = (page) => page.locator('.hunt-found').first();
const said = (page) => panel(page).locator('.sweep-run output').innerText();
const tried = (page) => page.locator('.hunt-tried').innerText();
const search = (page) => panel(page).getByRole('button', { name: 'Search', exact: true });
const stop = (page) => panel(page).getByRole('button', { name: 'Stop', exact: true });
const broken = (seen, law) => seen.verdicts.find(({ name }) => name === law).light.broken;

// The sheet for a run.
async function sheet(recipe, options = {}) {
  const session = await open(browser, { fragment: link(recipe), paused: true, ...options });
  await ready(session.page);
  await openTab(session.page, 'Measures');
  await panel(session.page).or(rules(session.page)).first().waitFor();
  await session.page.keyboard.press('h');
  await panel(session.page).waitFor();
  return session;
}
const rules = (page) => page.getByRole('heading', { name: 'Are the rules kept?' });

// The end of a search, whatever came of it.
async function over(page) {
  await until('the search ends', async () => (await search(page).count()) > 0 && (await page.locator('.hunt-tried').count()) > 0);
  return tried(page);
}

const many = (page) => panel(page).getByRole('radio', { name: '1,000' }).check();
const law = (page, name) => panel(page).getByLabel('Rule').selectOption(name);
const withOrders = (page) => panel(page).getByRole('checkbox', { name: 'Then try every order of events' }).check();

// How many faults of a kind the search may use.
async function faults(page, counts) {
  for (const [kind, wanted] of Object.entries(counts)) {
    const group = panel(page).getByRole('group', { name: kind });
    for (;;) {
      const at = Number(await group.locator('output').innerText());
      if (at === wanted) break;
      await group.getByRole('button', { name: at < wanted ? /^More/ : /^Fewer/ }).click();
    }
  }
}

// Plays on until a rule breaks.
async function playToBreak(page, name) {
  assert.equal(broken(await frame(page), name), undefined, 'not broken yet');
  return playUntil(page, `${name} is broken`, (seen) => broken(seen, name), 2);
}

test('a hunt ends on the stage, and a link opens the same', async () => {
  const options = { permissions: ['clipboard-read', 'clipboard-write'] };
  const { page, complaints, close } = await sheet(FLAWED, options);
  await law(page, LAW);
  await search(page).click();
  assert.match(await over(page), /^\d+ of 200 runs broke a rule\./);
  assert.equal(page.workers().length, 1, 'the page does not do the work itself');
  assert.match(await card(page).innerText(), /Shortest run: 1 partition\./);
  assert.match(await card(page).innerText(), /The link between node \d and node \d was cut\./);
  await card(page).getByRole('button', { name: 'Open on the stage' }).click();
  await until('its first command is near', async () => (await now(page)) < 277_367 && (await now(page)) > 0);
  await button(page, 'Play').waitFor();
  await page.locator('.timeline, .lane').first().waitFor();
  const seen = await playToBreak(page, LAW);
  const { at } = broken(seen, LAW);
  await page.getByRole('group', { name: 'Broken rule' }).waitFor();
  await card(page).getByRole('button', { name: 'Copy link' }).click();
  const address = await until('a link', () =>
    page.evaluate(() => navigator.clipboard.readText()).then((text) => text.includes('#') && text));
  assert.deepEqual(complaints, []);
  await close();

  const other = await open(browser, { fragment: address.slice(address.indexOf('#')) });
  await button(other.page, 'Play').waitFor();
  const again = await playToBreak(other.page, LAW);
  assert.equal(broken(again, LAW).at, at);
  assert.equal(broken(again, LAW).reason, broken(seen, LAW).reason);
  assert.deepEqual(other.complaints, []);
  await other.close();
});

test('stopped half-way, it says what was tried; then every order of events, stopped, too', async () => {
  const { page, complaints, close } = await sheet({ ...FLAWED, preset: 'correct' });
  await many(page);
  await search(page).click();
  await until('some runs', async () => (await strip(page).count()) > 0 && Number(await strip(page).getAttribute('aria-valuemax')) > 10);
  assert.match(await panel(page).locator('.hunt-progress').innerText(), /^\d+ of 1,000 runs/);
  const [worker] = page.workers();
  await stop(page).click();
  const stopped = await over(page);
  assert.match(stopped, /^Stopped after \d+ of 1,000 random runs with up to 1 crash, .* in each: nothing broke\.$/);
  assert.equal(await strip(page).getAttribute('aria-valuemax'), /after (\d+) of/.exec(stopped)[1]);
  await until('its worker is gone', () => page.workers().every((one) => one !== worker));
  await button(page, 'Try every order of events').click();
  const states = await until('some states', async () => {
    const words = await panel(page).locator('.hunt-progress').innerText();
    return /^[\d,]{5,} states, [\d,]+ a second, \d faults?, \d+ steps?$/.test(words) && words;
  });
  assert.ok(states);
  await stop(page).click();
  assert.match(await over(page), /[\d,]+ states were tried, with up to \d faults? and \d+ steps?: nothing breaks so far, and nothing is proved\./);
  assert.deepEqual(complaints, []);
  await close();
});

test('a strip of 1,000 runs, and a click on one that broke', async () => {
  const { page, complaints, close } = await sheet(FLAWED);
  await many(page);
  await search(page).click();
  const [, count] = /^(\d+) of 1,000 runs broke a rule\./.exec(await over(page));
  assert.equal(await strip(page).getAttribute('aria-valuemax'), '1000');
  await panel(page).getByText('Runs that broke a rule', { exact: true }).click();
  await until('all of them are in the table', async () => (await page.locator('.hunt-table tbody tr').count()) === Number(count));
  // The cursor finds the first of them; then a click on that place, with the cursor elsewhere.
  await strip(page).press('PageDown');
  const words = await said(page);
  const [, seed, seconds] = /^Seed (\d+) breaks “.*” at ([\d.]+) s\.$/.exec(words);
  const box = await strip(page).locator('rect').boundingBox();
  await strip(page).press('Home');
  assert.match(await said(page), /^Seed 1 /);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  assert.equal(await said(page), words);
  await until('the run opens', async () => (await now(page)) > 0);
  assert.ok((await now(page)) < Number(seconds) * 1e6, 'shortly before');
  const row = page.locator('.hunt-table tbody tr').filter({ has: page.getByRole('button', { name: `Open seed ${seed}`, exact: true }) });
  const title = await row.locator('td').first().innerText();
  const seen = await frame(page);
  const { name } = seen.verdicts.find((one) => one.title.startsWith(title));
  const then = await playToBreak(page, name);
  assert.equal((broken(then, name).at / 1e6).toFixed(3), seconds);
  // One that broke nothing opens, too, from its beginning; the strip stays.
  await strip(page).press('Home');
  const before = await traceHash(page);
  await button(page, 'Open this run').click();
  await until('another run opens', async () => (await traceHash(page)) !== before);
  assert.equal(await strip(page).getAttribute('aria-valuemax'), '1000');
  assert.deepEqual(complaints, []);
  await close();
});

test('with the keyboard alone: the rule, the faults, the search, a run', async () => {
  const { page, complaints, close } = await sheet(QUICK);
  const { keyboard } = page;
  const here = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
  await until('the form has the focus', () => page.evaluate(() => document.activeElement?.id === 'hunt-law'));
  await keyboard.type('No node');
  await keyboard.press('Home');
  const reach = async (name) => {
    for (let i = 0; i < 40 && !(await here()).startsWith(name); i += 1) await keyboard.press('Tab');
    assert.ok((await here()).startsWith(name), name);
  };
  await reach('More crashes');
  await keyboard.press('Enter');
  await until('two crashes', async () => /^2/.test(await panel(page).getByRole('group', { name: 'Crashes' }).locator('output').innerText()));
  await reach('Search');
  await keyboard.press('Enter');
  await over(page);
  assert.ok(/^Search/.test(await here()), 'the focus stays');
  await reach('Random runs');
  await keyboard.press('PageDown');
  const words = await said(page);
  assert.equal(await strip(page).getAttribute('aria-valuetext'), words);
  const before = await traceHash(page);
  await keyboard.press('Enter');
  await until('the run opens', async () => (await traceHash(page)) !== before);
  await reach('Open on the stage');
  await keyboard.press('Enter');
  await until('it opens', async () => (await frame(page)).records > 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a correct preset: all states within the bounds, said once to a screen reader', async () => {
  const { page, complaints, close } = await sheet({ version: 1, scenario: 'two-phase-commit/all-agree', seed: '1' });
  await withOrders(page);
  await panel(page).getByLabel('Steps, at most').fill('5');
  await search(page).click();
  const words = await over(page);
  assert.match(words, /200 random runs with up to .* in each broke nothing\./);
  assert.match(words, /All [\d,]+ states within .*5 steps were tried, .*nothing breaks\. That is proved within these bounds/);
  await until('it is announced', async () => /All [\d,]+ states/.test((await live(page).allInnerTexts()).join(' ')));
  assert.deepEqual(complaints, []);
  await close();
});

test('a run by hand is found, told and opened', async () => {
  const { page, complaints, close } = await sheet({ version: 1, scenario: 'two-phase-commit/all-agree', preset: 'commits-early', seed: '1' });
  await faults(page, { Crashes: 0, Partitions: 0, Delays: 0, 'Lost messages': 0, 'Duplicated messages': 0 });
  await search(page).click();
  await over(page);
  await button(page, 'Try every order of events').click();
  const hand = page.locator('.hunt-found').filter({ hasText: 'Played by hand' });
  await hand.waitFor();
  const [, steps] = /Played by hand: (\d+) steps, no faults\./.exec(await hand.innerText());
  assert.equal(await hand.locator('li').count(), Number(steps));
  await hand.getByRole('button', { name: 'Open on the stage' }).click();
  await page.getByRole('group', { name: 'By hand' }).waitFor();
  await playUntil(page, 'it breaks', (seen) => seen.verdicts.some(({ light }) => light.broken));
  assert.deepEqual(complaints, []);
  await close();
});

test('what cannot be searched is said', async () => {
  const { page, close } = await sheet(QUICK);
  await panel(page).getByLabel('From seed').fill('one');
  await search(page).click();
  await panel(page).getByRole('alert').getByText(/whole number/).waitFor();
  await panel(page).getByLabel('From seed').fill('1');
  await faults(page, { Crashes: 0 });
  await search(page).click();
  await over(page);
  await button(page, 'Try every order of events').click();
  await until('it says why', async () => /[Rr]andom runs/.test((await tried(page).catch(() => '')).split('\n').at(-1)));
  await close();
});

test('faults that a protocol does not promise to tolerate are named, not offered', async () => {
  const { page, close } = await sheet(FLAWED);
  assert.match(await panel(page).innerText(), /^Raft does not promise to tolerate liars\.$/m);
  assert.equal(await panel(page).getByRole('group', { name: 'Liars' }).count(), 0);
  const crashes = panel(page).getByRole('group', { name: 'Crashes' });
  await faults(page, { Crashes: 9 });
  assert.ok(await crashes.getByRole('button', { name: 'More crashes' }).isDisabled());
  await close();
});

test('the rules, the faults and the search over everything lead to it', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await openTab(page, 'Measures');
  const rule = page.getByRole('button', { name: /^Find a run that breaks it:/ }).first();
  const title = (await rule.getAttribute('aria-label')).split(': ').slice(1).join(': ');
  await rule.click();
  await until('that rule is chosen', async () =>
    (await panel(page).getByLabel('Rule').locator('option:checked').innerText()) === title);
  await panel(page).getByRole('button', { name: 'Close', exact: true }).click();
  assert.equal(await panel(page).count(), 0);
  await button(page, 'More faults').click();
  await button(page, 'Find a failure').click();
  await panel(page).waitFor();
  assert.equal(await panel(page).getByLabel('Rule').locator('option:checked').innerText(), 'Any rule');
  await panel(page).getByRole('button', { name: 'Close', exact: true }).click();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('find a failure');
  await page.getByRole('option', { name: /command.*Find a failure/ }).click();
  await panel(page).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('without workers the page searches between pictures, and can be stopped', async () => {
  const { page, complaints, close } = await sheet(FLAWED, { init: () => delete window.Worker });
  await many(page);
  await search(page).click();
  await panel(page).getByText(/cannot start a worker/).waitFor();
  await stop(page).click();
  await over(page);
  await button(page, 'Try every order of events').click();
  await until('some states', async () => /states/.test(await panel(page).locator('.hunt-progress').innerText()));
  await stop(page).click();
  assert.match(await over(page), /nothing is proved/);
  assert.deepEqual(complaints, []);
  await close();
});

test('by hand: messages are released, timers are fired, and then it runs again', async () => {
  const { page, complaints, close } = await open(browser, { fragment: `#${RAFT}`, paused: true });
  await button(page, 'More faults').click();
  await button(page, 'Play by hand').click();
  const line = page.getByRole('group', { name: 'By hand' });
  await line.waitFor();
  assert.match(await line.innerText(), /Messages wait until you release them, timers until you fire them\./);
  await button(page, 'Close').first().click();
  const timers = (seen) => seen.nodes.flatMap(({ id, timers }) => timers.map(({ name }) => ({ id, name })));
  const before = await frame(page);
  const { id } = timers(before).find(({ name }) => name === 'ElectionTimeout');
  await node(page, id).click();
  const fire = page.getByRole('button', { name: `Fire the election timer of node ${id}` });
  await fire.click();
  // The inspector has a Pause of its own.
  await openTab(page, 'Log');
  const seen = await playUntil(page, 'messages that wait', ({ messages }) => messages.length > before.messages.length);
  assert.ok(seen.messages.every(({ fate }) => fate === 'held'), 'they wait');
  const { address } = seen.messages[0];
  // Playing changes nothing: they wait for the person.
  const later = seen.time + 500_000;
  const still = await playUntil(page, 'later', ({ time }) => time > later);
  assert.equal(still.messages.length, seen.messages.length);
  assert.equal(still.records, seen.records);
  await page.evaluate((address) => document.querySelector(`[data-message-item="${address}"]`).click(), address);
  await page.locator('.message-menu').getByRole('button', { name: 'Release' }).click();
  await playUntil(page, 'it arrives', ({ messages }) => messages.every((one) => one.address !== address));
  await line.getByRole('button', { name: 'Let it run' }).click();
  await until('it runs', async () => (await line.count()) === 0);
  await playUntil(page, 'a leader', ({ nodes }) => nodes.some(({ tone }) => tone === 'leader'));
  assert.deepEqual(complaints, []);
  await close();
});

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`the search fits and can be used by all: ${name}`, async () => {
    const { page, close } = await sheet(QUICK, { viewport });
    await withOrders(page);
    await panel(page).getByLabel('Steps, at most').fill('2');
    await search(page).click();
    await over(page);
    await panel(page).getByText('Runs that broke a rule', { exact: true }).click();
    await assertFits(page, name);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(await smallTargets(page), []);
    await close();
  });
}

for (const [name, viewport] of Object.entries(SIZES)) {
  test(`a run by hand fits and can be used by all: ${name}`, async () => {
    const touch = name === 'phone' ? { hasTouch: true, isMobile: true } : {};
    const { page, close } = await open(browser, { fragment: `#${RAFT}`, paused: true, viewport, ...touch });
    await button(page, 'More faults').click();
    await button(page, 'Play by hand').click();
    await page.getByRole('group', { name: 'By hand' }).waitFor();
    await assertFits(page, name);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(await smallTargets(page, name === 'phone' ? 44 : 24), []);
    await close();
  });
}

test('a finger finds every control of the search', async () => {
  const { page, close } = await sheet(QUICK, { viewport: SIZES.phone, hasTouch: true, isMobile: true });
  await search(page).click();
  await over(page);
  const low = await panel(page).locator('button, select, summary, label, input[type=text]').evaluateAll((all) =>
    all.map((one) => [one.textContent || one.id, one.getBoundingClientRect().height]).filter(([, high]) => high < 44),
  );
  assert.deepEqual(low, []);
  await close();
});

for (const [theme, stored] of Object.entries(THEMES)) {
  test(`the search can be used by all: ${theme}`, async () => {
    const { page, close } = await sheet(QUICK, { stored });
    await search(page).click();
    await over(page);
    assert.deepEqual(await accessibilityProblems(page), []);
    await close();
  });
}
