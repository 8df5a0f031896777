// A question before a scenario: one gesture, the run decides and stops there, the card says why.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, address, button, frame, launch, leaders, now, open, ready, SIZES, tab, THEMES, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const card = (page) => page.locator('.ask-card');
const lock = (page) => button(page, 'Lock in');
const paused = async (page) => (await button(page, 'Play').count()) > 0;
const answer = (page) => page.locator('.ask-answer');

// Opens a scenario as a person does, who is asked.
async function asked(scenario, options = {}) {
  const session = await open(browser, { paced: true, fragment: `#${scenario}`, ...options });
  await card(session.page).waitFor();
  return session;
}

test('a guess is locked in, the run plays to its end and stops there, and says why', async () => {
  const { page, complaints, close } = await asked('bully/one-election');
  assert.equal(await now(page), 0, 'the run waits for the guess');
  assert.ok(await lock(page).isDisabled(), 'there is nothing to lock in');
  await page.getByRole('spinbutton', { name: 'Your guess' }).fill('10');
  await lock(page).click();
  // The 62 messages are shown one by one; a person who has seen enough skips them.
  await button(page, 'Skip').click();
  await answer(page).waitFor();
  assert.ok(await until('it stands still', () => paused(page)));
  const words = await card(page).innerText();
  assert.match(words, /You said 10 messages\.\s+The run sent 62 messages\./);
  assert.match(words, /Most people count/);
  assert.equal((await frame(page)).sent.reduce((sum, [, count]) => sum + count, 0), 62);
  // A rule is turned on from the card, and the same question has another answer.
  await card(page).getByRole('button', { name: /rule that keeps the note/ }).first().click();
  await lock(page).waitFor();
  await page.getByRole('spinbutton', { name: 'Your guess' }).fill('24');
  await lock(page).click();
  await button(page, 'Skip').click();
  await until('the answer follows the run', async () => /The run sent 24 messages\./.test(await card(page).innerText()));
  assert.deepEqual(complaints, []);
  await close();
});

test('home asks who leads next: a node is chosen, then the leader crashed', async () => {
  const { page, complaints, close } = await open(browser, { paced: true });
  await ready(page);
  assert.equal(await card(page).count(), 0, 'the first picture is left alone');
  await button(page, 'Guess first').click();
  await lock(page).waitFor();
  assert.match(await card(page).innerText(), /Who will lead next\?/);
  assert.ok(await paused(page));
  await page.getByRole('radio', { name: 'node 1', exact: true }).check();
  await lock(page).click();
  await button(page, 'Crash leader').click();
  await answer(page).waitFor();
  assert.ok(await paused(page), 'it stops where a leader is found');
  const [leader] = leaders(await frame(page)).slice(-1);
  assert.match(await card(page).innerText(), new RegExp(`node ${leader} `));
  assert.deepEqual(complaints, []);
  await close();
});

test('questions that come late do not take the place of what a person reads', async () => {
  const { page, complaints, close } = await open(browser, { paced: true });
  await page.goto('about:blank');
  let bring;
  const held = new Promise((resolve) => (bring = resolve));
  await page.route(/texts\/questions/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(address({ fragment: '#bully/one-election' }));
  await ready(page);
  await tab(page, 'Settings').click();
  bring();
  await button(page, 'Guess first').waitFor();
  assert.equal(await tab(page, 'Settings').getAttribute('aria-selected'), 'true');
  assert.equal(await card(page).count(), 0);
  // The question is there for those who want it.
  await button(page, 'Guess first').click();
  await lock(page).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('a question is answered with the keyboard alone, and can be skipped', async () => {
  const { page, complaints, close } = await asked('election/two-crowns');
  await page.getByRole('radio').first().focus();
  await page.keyboard.press('Space');
  await until('it can be locked in', () => lock(page).isEnabled());
  await lock(page).focus();
  await page.keyboard.press('Enter');
  await answer(page).waitFor();
  await page.getByRole('button', { name: 'Guess again' }).focus();
  await page.keyboard.press('Enter');
  await button(page, 'Just watch').waitFor();
  await button(page, 'Just watch').focus();
  await page.keyboard.press('Enter');
  await until('the run goes on', async () => !(await paused(page)) || (await answer(page).count()) > 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('in a class, hands are counted for each option', async () => {
  const { page, close } = await asked('election/two-crowns', {
    stored: THEMES.projector,
    viewport: { width: 1920, height: 1080 },
  });
  const more = page.getByRole('button', { name: /^One hand more/ }).first();
  await more.click();
  await more.click();
  await page.getByRole('button', { name: /^One hand less/ }).first().click();
  assert.equal(await page.locator('.ask-hands output').first().innerText(), '1');
  await close();
});

test('a goal ticks itself', async () => {
  const { page, close } = await open(browser, { paced: true });
  await ready(page);
  await button(page, 'Guess first').click();
  await card(page).waitFor();
  const goal = page.locator('.ask-goal');
  await until('there is a goal', async () => {
    if ((await goal.count()) > 0) return true;
    await button(page, 'Question after').click();
    return false;
  });
  assert.match(await card(page).innerText(), /two servers to believe that they lead/);
  assert.equal(await page.locator('.ask-goal.met').count(), 0);
  // A paused leader does not know that it is no longer heard.
  await page.keyboard.press('3');
  await page.keyboard.press('z');
  await page.locator('.ask-goal.met').waitFor();
  assert.match(await card(page).innerText(), /1 of 1 fault used/);
  const { nodes } = await frame(page);
  assert.ok(nodes.filter(({ id, beliefs }) => beliefs.leader === id).length >= 2);
  await close();
});

test('who teaches sees the answer, and who learns does not', async () => {
  const teacher = await asked('bully/one-election', { query: 'role=teacher' });
  assert.match(await card(teacher.page).innerText(), /For the teacher\s+The run sent 62 messages\./);
  await teacher.close();
  const student = await asked('bully/one-election', { query: 'role=student' });
  assert.doesNotMatch(await card(student.page).innerText(), /62|For the teacher/);
  await student.close();
});

test('who does not want to be stopped is not asked', async () => {
  const { page, close } = await open(browser, { fragment: '#bully/one-election' });
  await ready(page);
  assert.equal(await card(page).count(), 0);
  await close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the card fits and can be used by all: ${size}`, async () => {
    const { page, close } = await asked('bully/one-election', { viewport });
    const box = await lock(page).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= viewport.width, JSON.stringify(box));
    assert.ok(box.y + box.height <= viewport.height, `to be locked in without scrolling: ${JSON.stringify(box)}`);
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByRole('spinbutton', { name: 'Your guess' }).fill('10');
    await lock(page).click();
    await button(page, 'Skip').click();
    await answer(page).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await close();
  });
}

for (const [theme, stored] of Object.entries(THEMES)) {
  test(`the card can be used by all: ${theme}`, async () => {
    const { page, close } = await asked('bully/one-election', { stored });
    assert.deepEqual(await accessibilityProblems(page), []);
    await close();
  });
}
