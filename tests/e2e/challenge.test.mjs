// Challenges: a goal with a budget of faults and a score, the search that is its measure, and the list of them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, assertFits, button, frame, launch, open, SIZES, smallTargets, speed, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const card = (page) => page.locator('.ask-card');
const told = (page) => card(page).innerText();
const result = (page) => page.locator('.ask-chase');
const list = (page) => page.getByRole('dialog', { name: 'Challenges' });
const finder = (page) => page.getByRole('dialog', { name: 'Search' });
const says = (page, wanted) => until(`the card says ${wanted}`, async () => wanted.test(await told(page)));

// A challenge by its address, with time that runs as a person meets it.
async function challenge(name, options = {}) {
  const session = await open(browser, { query: `challenge=${name}`, paced: true, ...options });
  await card(session.page).waitFor();
  await session.page.locator('.ask-goal').waitFor();
  return session;
}

// Presses Tab until an element with the focus passes.
async function tabTo(page, passes, ...args) {
  for (let presses = 0; presses < 250; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(passes, ...args)) return;
  }
  throw new Error(`250 Tabs do not lead to ${passes} ${args}`);
}
const tabToButton = (page, name) => tabTo(page, (name) => document.activeElement.textContent.trim() === name, name);

// The search is over, whatever came of it.
const over = (page) =>
  until('the search is over', async () =>
    (await result(page).count()) > 0 && (await result(page).getByRole('button', { name: 'Stop' }).count()) === 0);

const crash = async (page, ...ids) => {
  for (const id of ids) {
    await page.keyboard.press(`${id}`);
    await page.keyboard.press('x');
  }
};

test('with the keyboard alone: a challenge is found, solved and searched, and its score survives a reload', async () => {
  const { page, complaints, close } = await open(browser, { paced: true });
  await page.keyboard.press('Control+k');
  await finder(page).waitFor();
  await page.keyboard.type('believe that they lead');
  const option = finder(page).getByRole('option', { name: /^challenge Get two servers to believe.* Raft/ });
  await option.waitFor();
  for (let presses = 0; presses < 20; presses += 1) {
    const chosen = await finder(page).getByRole('option', { selected: true }).innerText();
    if (/challenge\s+Get two servers to believe[\s\S]*Raft/.test(chosen)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await says(page, /0 of 1 fault used/);
  assert.match(await told(page), /Get two servers to believe/);
  assert.equal(await page.locator('.pip').count(), 1);
  assert.equal(await page.locator('.pip.used').count(), 0);
  const leader = await until('there is a leader', async () => {
    const { nodes } = await frame(page);
    return nodes.find(({ id, beliefs }) => beliefs.leader === id)?.id;
  });
  await page.keyboard.press('Escape');
  await page.keyboard.press(`${leader}`);
  await page.keyboard.press('z');
  await page.locator('.ask-goal.met').waitFor();
  await says(page, /You needed 1 fault; 1 was allowed\./);
  assert.equal(await page.locator('.pip.used').count(), 1);
  await says(page, /Best: 1 fault, 2 of 3 stars/);
  await tabToButton(page, 'Can it be done with fewer? Search');
  await page.keyboard.press('Enter');
  await over(page);
  await says(page, /A search of 400 runs found no way with fewer\./);
  await says(page, /Best: 1 fault, 3 of 3 stars/);
  await page.reload();
  await page.waitForFunction(() => window.__faultline?.now() !== undefined && window.faultlineRest.here);
  await tabTo(page, () => document.activeElement.getAttribute('aria-label') === 'Learn');
  await page.keyboard.press('Enter');
  await tabTo(page, () => document.activeElement.getAttribute('aria-label') === 'Learn: Challenges');
  await page.keyboard.press('Enter');
  await list(page).getByText('Best: 1 fault, 3 of 3 stars').waitFor();
  await page.keyboard.press('Escape');
  await until('the list is closed', async () => (await list(page).count()) === 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('two leaders in one term end in "impossible, and why" after a search', async () => {
  const { page, complaints, close } = await challenge('raft/two-in-one-term');
  await says(page, /0 faults used/);
  await crash(page, 1, 2, 3);
  await says(page, /3 faults used/);
  assert.doesNotMatch(await told(page), /Nobody can|Impossible/);
  await button(page, 'I give up: search for it').click();
  await over(page);
  const said = await result(page).innerText();
  assert.match(said, /Impossible, and why/);
  assert.match(said, /400 random runs with any number of faults: none of them did it\./);
  assert.match(said, /does not promise to tolerate liars/);
  assert.match(said, /[0-9,]+ states within 2 crashes and 2 duplicates, at most 2 faults and \d+ steps were tried/);
  assert.match(said, /Nobody can\. A server votes once per term/);
  assert.doesNotMatch(await told(page), /Best:/, 'who gives up has no score');
  assert.deepEqual(complaints, []);
  await close();
});

test('who thinks that nobody can is right or wrong, and a search decides', async () => {
  const right = await challenge('raft/two-in-one-term');
  await button(right.page, 'I think nobody can').click();
  await over(right.page);
  await says(right.page, /You were right\./);
  await says(right.page, /Best: nobody can, 3 of 3 stars/);
  await right.close();
  const wrong = await challenge('bully/two-at-once');
  await button(wrong.page, 'I think nobody can').click();
  await over(wrong.page);
  await says(wrong.page, /A search of 400 runs found a way with 1 fault\./);
  assert.doesNotMatch(await told(wrong.page), /You were right|Best:/);
  await wrong.close();
});

test('a shorter way is found and opens on the stage, and is not the person\'s', async () => {
  const { page, complaints, close } = await challenge('raft/nobody-wins');
  await speed(page, 4);
  await crash(page, 1, 2, 3);
  await page.locator('.ask-goal.met').waitFor();
  await says(page, /You needed 3 faults; 3 were allowed\./);
  await says(page, /Best: 3 faults, \d of 3 stars/);
  await button(page, 'Can it be done with fewer? Search').click();
  await over(page);
  const found = /found a way with (\d) faults?\./.exec(await told(page));
  assert.ok(found && Number(found[1]) < 3, await told(page));
  await button(page, 'Open it on the stage').click();
  await says(page, new RegExp(`${found[1]} of 3 faults used`));
  assert.equal(await page.locator('.ask-goal.met').count(), 0, 'it opens before it happens');
  await button(page, 'Play').click();
  await page.locator('.ask-goal.met').waitFor();
  await says(page, /This way was shown to you, so it has no score\./);
  await says(page, /Best: 3 faults/);
  assert.deepEqual(complaints, []);
  await close();
});

test('what a goal does not allow is said, and a search can be stopped', async () => {
  const { page, close } = await challenge('vector/wait-for-ever');
  await says(page, /0 of 1 fault used/);
  await button(page, 'I give up: search for it').click();
  const stop = result(page).getByRole('button', { name: 'Stop' });
  const stopped = await until('it is stopped or over', async () => {
    if ((await stop.count()) === 0) return 'over';
    await stop.click().catch(() => {});
    return 'stopped';
  });
  await over(page);
  await says(page, stopped === 'stopped' ? /Stopped after|found a way/ : /found a way|none of them/);
  await close();
  const other = await challenge('raft/two-at-once');
  await crash(other.page, 1, 2);
  await says(other.page, /2 of 1 fault used/);
  assert.equal(await other.page.locator('.pip.beyond').count(), 1);
  await other.close();
});

test('all challenges are listed by algorithm, open or solved', async () => {
  const { page, close } = await open(browser, { paced: true });
  await button(page, 'Learn').click();
  await button(page, 'Learn: Challenges').click();
  await list(page).waitFor();
  await list(page).getByText(/^\d+ challenges, 0 solved$/).waitFor();
  const headings = await list(page).locator('.shelf').allInnerTexts();
  assert.ok(headings.length >= 12, `${headings}`);
  assert.doesNotMatch(await list(page).innerText(), /Impossible|Nobody can/, 'impossible ones look like the others');
  await list(page).getByLabel('Show').selectOption('Solved');
  await list(page).getByText('No challenge is left here.').waitFor();
  await list(page).getByLabel('Show').selectOption('Open');
  await list(page).getByRole('button', { name: /Get two leaders with the same term number/ }).click();
  await until('the list is closed', async () => (await list(page).count()) === 0);
  await says(page, /Get two leaders with the same term number/);
  await close();
});

test('an address that names no challenge says so and lists them', async () => {
  const { page, close } = await open(browser, { query: 'challenge=raft/two-at-onse', paced: true });
  await list(page).waitFor();
  await page.getByText('There is no challenge "raft/two-at-onse". Choose one from the list.').waitFor();
  await close();
});

for (const size of ['desktop', 'phone']) {
  test(`challenges have no accessibility problem and fit at ${size} size`, async () => {
    const { page, close } = await challenge('raft/two-in-one-term', { viewport: SIZES[size], reducedMotion: 'reduce' });
    const accessible = async (where) => {
      assert.deepEqual(await accessibilityProblems(page), [], where);
      assert.deepEqual(await smallTargets(page), [], where);
    };
    await accessible('a challenge');
    await button(page, 'I think nobody can').click();
    await over(page);
    await accessible('its end');
    await assertFits(page);
    // On a phone the library leads to the lessons.
    if (size === 'phone') await button(page, 'Library').click();
    await button(page, size === 'phone' ? 'Lessons' : 'Learn').click();
    await button(page, 'Learn: Challenges').click();
    await list(page).getByText(/1 solved$/).waitFor();
    await accessible('the list');
    await assertFits(page);
    await close();
  });
}
