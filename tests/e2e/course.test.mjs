// The course: lessons beside the run from the first step to the exported lab sheet, words explained where they
// stand, the search over everything, the library's cards.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, assertFits, button, launch, leaders, live, open, ready, SIZES, speed, tab, THEMES, until } from './page.mjs';
import { guess, lesson, list, lock, saved, sheet, title } from './learner.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const finder = (page) => page.getByRole('dialog', { name: 'Search' });

// The title of a scenario in the catalogue.
const titleOf = (page, name) =>
  page.evaluate((name) => {
    const [id, scenario] = name.split('/');
    const protocol = window.wasmBindings.Simulation.list().find((one) => one.id === id);
    return protocol.scenarios.find((one) => one.id === scenario).title;
  }, name);

// Opens the page at a step of a lesson, as a link of the class does.
async function atStep(id, step, options = {}) {
  const session = await open(browser, { paced: true, query: `lesson=${id}&step=${step}`, ...options });
  await lesson(session.page).waitFor();
  return session;
}

test('from home to the first question of Activity 4 in two clicks, then to the exported lab sheet', async () => {
  const { page, complaints, close } = await open(browser, { paced: true });
  await button(page, 'Learn').click();
  await button(page, 'Five nodes choose a leader').click();
  await lesson(page).waitFor();
  assert.match(await page.locator('.ask-words').innerText(), /Which node will lead next/);
  await page.locator('.ask-option input').first().check();
  await lock(page).click();
  await page.locator('.ask-answer').waitFor();
  const answer = await page.locator('.ask-found').innerText();
  let guessed = 1;
  let steps = 1;
  while ((await button(page, 'Next step').count()) > 0) {
    const before = await title(page);
    await button(page, 'Next step').click();
    await until('the next step is open', async () => (await title(page)) !== before);
    steps += 1;
    if (await guess(page)) {
      await lock(page).click();
      guessed += 1;
    }
    const write = lesson(page).getByRole('textbox');
    if ((await write.count()) > 0) {
      await write.first().fill(`Note of step ${steps}`);
      await write.first().blur();
    }
  }
  assert.ok(steps >= 15, `${steps} steps`);
  assert.ok(guessed >= 8, `${guessed} guesses`);
  await button(page, 'Finish').click();
  await sheet(page).waitFor();
  await sheet(page).getByLabel('Name').fill('Ada');
  await sheet(page).getByRole('textbox', { name: 'A real system' }).fill('etcd');
  await sheet(page).getByRole('textbox', { name: /^Nodes/ }).first().fill('3 or 5');
  await sheet(page).getByLabel('What is alike?').fill('Both elect one leader.');
  await sheet(page).getByLabel('What is different, and why?').fill('A majority must agree.');
  await sheet(page).getByLabel('Name').focus();
  assert.ok((await sheet(page).locator('img').count()) > 0, 'the answer has its picture');
  const markdown = await saved(page, () => button(page, 'Save as Markdown').click());
  assert.equal(markdown.name, 'lab-sheet-five-nodes-choose-a-leader.md');
  for (const part of [answer, 'Name: Ada', '3 or 5', 'Both elect one leader.', 'A majority must agree.', 'Note of step']) {
    assert.ok(markdown.text.includes(part), `the sheet has "${part}"`);
  }
  const html = await saved(page, () => button(page, 'Save as a page').click());
  assert.match(html.text, /<img src="data:image\/svg\+xml/);
  // The link of an answer opens its run where it was decided.
  const link = markdown.text.match(/<(http[^>]+)>/)[1];
  await page.goto(link);
  await ready(page);
  assert.match(await page.evaluate(() => window.__faultline.frameJson()), /"time":1[0-9]{7}/);
  assert.equal(await page.locator('h1').innerText(), await titleOf(page, 'election/kill-the-leader'));
  assert.deepEqual(complaints, []);
  await close();
});

test('in two clicks from there: two leaders after a split, and beside them one in Raft', async () => {
  const { page, complaints, close } = await atStep('activity-4', 1);
  await page.getByRole('button', { name: /^Step 11 of/ }).click();
  await page.getByRole('button', { name: /^Compare with: / }).click();
  await until('both runs are there', () => page.evaluate(() => Boolean(window.__faultline.beside?.frameJson())));
  await speed(page, 4);
  if ((await button(page, 'Play').count()) > 0) await button(page, 'Play').click();
  const both = () =>
    page.evaluate(() => [window.__faultline.frameJson(), window.__faultline.beside.frameJson()].map(JSON.parse));
  await until('two leaders and one', async () => {
    const [bully, raft] = await both();
    return leaders(bully).length === 2 && leaders(raft).length === 1 && raft.sides.length > 0;
  });
  assert.deepEqual(complaints, []);
  await close();
});

test('a lesson goes on where the person left it, and progress can be saved, cleared and loaded', async () => {
  const { page, close } = await atStep('activity-4', 2);
  const second = await title(page);
  await page.reload();
  await ready(page);
  await lesson(page).waitFor();
  assert.equal(await title(page), second, 'after a reload');
  // Another run on the stage does not end the lesson.
  await page.keyboard.press('Control+k');
  await finder(page).getByRole('combobox').fill('stale read');
  await finder(page).getByRole('option', { name: /scenario/ }).first().click();
  await page.reload();
  await ready(page);
  await tab(page, 'Lesson').click();
  assert.equal(await title(page), second, 'with another run on the stage');
  await button(page, 'All lessons').click();
  const card = list(page).locator('.lesson-card', { hasText: 'Five nodes choose a leader' }).first();
  assert.match(await card.innerText(), /1 of 18 steps opened/);
  const file = await saved(page, () => button(page, 'Save progress as a file').click());
  await button(page, 'Clear progress').click();
  await until('the progress is cleared', async () => !/1 of 18/.test(await card.innerText()));
  const load = (text) =>
    list(page).locator('input[type=file]').setInputFiles({ name: 'p.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await load('{"not":"progress"}');
  await page.getByText(/holds no progress of a course/).waitFor();
  await load(file.text);
  await until('the progress is back', async () => /1 of 18/.test(await card.innerText()));
  await close();
});

test('Back returns to the run before, and to its step', async () => {
  const { page, complaints, close } = await atStep('activity-4', 1);
  for (const step of [2, 3]) {
    await button(page, 'Next step').click();
    await until(`step ${step} is open`, async () => (await lesson(page).innerText()).includes(`Step ${step} of`));
  }
  await page.goBack();
  await until('step 2 is open again', async () => (await lesson(page).innerText()).includes('Step 2 of'));
  assert.equal(await page.locator('h1').innerText(), await titleOf(page, 'election/kill-the-leader'));
  await page.goForward();
  await until('and step 3', async () => (await lesson(page).innerText()).includes('Step 3 of'));
  assert.deepEqual(complaints, []);
  await close();
});

test('rules and numbers of a step change its run, and another run leads back to the step', async () => {
  const { page, complaints, close } = await atStep('activity-4', 6);
  const rule = page.getByRole('switch').first();
  assert.ok(await rule.isChecked());
  const name = await page.locator('.lesson-rules .choice').first().innerText();
  await rule.click();
  await until('the rule is off', async () => !(await page.getByRole('switch').first().isChecked()));
  await tab(page, 'Settings').click();
  assert.ok(!(await page.getByLabel(name.trim()).first().isChecked()), 'Settings says the same');
  await tab(page, 'Lesson').click();
  const number = page.locator('.drag-number').first();
  const value = Number(await number.innerText());
  await page.locator('.drag button').last().click();
  await until('the number has changed', async () => Number(await number.innerText()) === value + 1);
  await number.focus();
  await page.keyboard.press('ArrowLeft');
  await until('the number is as before', async () => Number(await number.innerText()) === value);
  const box = await number.boundingBox();
  await page.mouse.move(box.x + 10, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 10 + 14 * 6, box.y + 10, { steps: 6 });
  await page.mouse.up();
  await until('it was dragged', async () => Number(await number.innerText()) === value + 6);
  // Another scenario from the search, and back.
  await page.keyboard.press('Control+k');
  await finder(page).getByRole('combobox').fill('stale read');
  await finder(page).getByRole('option', { name: /scenario/ }).first().click();
  await tab(page, 'Lesson').click();
  await button(page, "Back to this step's run").click();
  await until('the step is back', async () => (await page.locator('.lesson-rules').count()) > 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('by touch on a phone: a step is answered, a word is explained, the next one opens', async () => {
  const { page, complaints, close } = await atStep('activity-4', 1, { viewport: SIZES.phone, hasTouch: true });
  const word = page.locator('.lesson .term').first();
  await word.tap();
  const meaning = page.locator('#meaning');
  await meaning.waitFor();
  assert.ok((await meaning.innerText()).length > 20);
  await page.locator('#lesson-step').tap();
  await until('the meaning is gone', async () => !(await meaning.isVisible()));
  await page.locator('.ask-option').first().tap();
  await lock(page).tap();
  await page.locator('.ask-answer').waitFor();
  const before = await title(page);
  await button(page, 'Next step').tap();
  await until('the next step is open', async () => (await title(page)) !== before);
  await assertFits(page, 'a lesson on a phone');
  await button(page, 'Lab sheet').tap();
  await sheet(page).waitFor();
  const file = await saved(page, () => button(page, 'Save as a page').tap());
  assert.match(file.text, /Which node will lead next/);
  assert.deepEqual(complaints, []);
  await close();
});

// Presses Tab until the focused element passes.
async function tabTo(page, passes) {
  for (let presses = 0; presses < 200; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(passes)) return;
  }
  throw new Error(`200 Tabs do not lead to ${passes}`);
}

test('with the keyboard alone: a lesson is found, answered, turned and its sheet exported', async () => {
  const { page, complaints, close } = await open(browser, { paced: true });
  await page.keyboard.press('Control+k');
  await finder(page).waitFor();
  await page.keyboard.type('activity 4');
  await finder(page).getByRole('option', { name: /lesson Five nodes choose a leader/ }).waitFor();
  for (let presses = 0; presses < 12; presses += 1) {
    const chosen = finder(page).getByRole('option', { selected: true });
    if (/Five nodes choose/.test(await chosen.innerText())) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await lesson(page).waitFor();
  await tabTo(page, () => document.activeElement.matches('.lesson .term'));
  await page.locator('#meaning').waitFor();
  await page.keyboard.press('Escape');
  await until('Escape hides the meaning', async () => !(await page.locator('#meaning').isVisible()));
  await tabTo(page, () => document.activeElement.matches('.ask-option input'));
  await page.keyboard.press('Space');
  await tabTo(page, () => document.activeElement.textContent === 'Lock in');
  await page.keyboard.press('Enter');
  await page.locator('.ask-answer').waitFor();
  await tabTo(page, () => document.activeElement.textContent === 'Next step');
  await page.keyboard.press('Enter');
  await until('the second step is open', async () => /Step 2 of/.test(await lesson(page).innerText()));
  await tabTo(page, () => document.activeElement.textContent === 'Lab sheet');
  await page.keyboard.press('Enter');
  await sheet(page).waitFor();
  await tabTo(page, () => document.activeElement.textContent === 'Save as Markdown');
  const file = await saved(page, () => page.keyboard.press('Enter'));
  assert.match(file.text, /Which node will lead next/);
  await page.keyboard.press('Escape');
  await until('the sheet is closed', async () => (await sheet(page).count()) === 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a teacher walks through the script with PageDown, and has the links of the steps', async () => {
  const { page, close } = await atStep('activity-4', 1, { query: 'lesson=activity-4&step=1&role=teacher' });
  const here = () => page.locator('.lesson-script .here').innerText();
  const first = await here();
  await page.keyboard.press('PageDown');
  await until('the next line', async () => (await here()) !== first);
  await until('it is spoken', async () => (await live(page).first().innerText()).length > 0);
  await page.keyboard.press('PageUp');
  await until('back', async () => (await here()) === first);
  for (let presses = 0; presses < 8; presses += 1) {
    if (/Step 2 of/.test(await lesson(page).innerText())) break;
    await page.keyboard.press('PageDown');
  }
  assert.match(await lesson(page).innerText(), /Step 2 of/);
  await button(page, 'Links for the class').click();
  const links = page.getByRole('dialog', { name: /^Links for the class/ });
  await links.waitFor();
  const address = await links.locator('.links-address').nth(2).innerText();
  assert.match(address, /\?lesson=activity-4&step=3$/);
  assert.ok((await links.locator('svg.code').count()) >= 15, 'each link has its code');
  await button(page, 'Close').click();
  await button(page, 'All lessons').click();
  await list(page).getByText('In five minutes').first().click();
  await list(page).getByText('What goes wrong').first().waitFor();
  await close();
  const student = await open(browser, { paced: true, query: `${address.split('?')[1]}&role=student` });
  await lesson(student.page).waitFor();
  assert.equal(await student.page.locator('.lesson-script').count(), 0);
  assert.match(await lesson(student.page).innerText(), /Step 3 of/);
  await student.close();
});

test('a path puts its lessons first, and the goal is kept', async () => {
  const { page, close } = await open(browser, { paced: true, fragment: '#raft/kill-the-leader' });
  await button(page, 'Learn').click();
  await list(page).getByRole('combobox', { name: 'Your path' }).selectOption({ label: 'I work with data' });
  const first = list(page).getByRole('region', { name: 'First on your path' });
  await first.waitFor();
  const titles = await first.locator('.library-open').allInnerTexts();
  assert.ok(titles.length >= 4, titles.join(', '));
  await list(page).getByLabel('What do you want from this course?').fill('Run a database');
  await list(page).getByRole('combobox', { name: 'Your path' }).focus();
  await page.waitForFunction(() => localStorage.getItem('faultline.course').includes('Run a database'));
  await page.reload();
  await ready(page);
  await button(page, 'Learn').click();
  await first.waitFor();
  assert.equal(await list(page).getByLabel('What do you want from this course?').inputValue(), 'Run a database');
  await close();
});

test('a word of a textbook finds the right scenarios first, in the library and everywhere', async () => {
  const { page, complaints, close } = await open(browser);
  await button(page, 'Library').click();
  const library = page.getByRole('dialog', { name: 'Library' });
  await until('the first pictures are drawn', async () => (await library.locator('.thumb circle').count()) > 10);
  await library.getByRole('searchbox').fill('split brain');
  const found = library.locator('.library-title');
  await until('both split brains come first', async () => {
    const first = (await found.allInnerTexts()).slice(0, 6).join('\n');
    return /split brain/i.test(first) && /two leaders/i.test(first);
  });
  await library.getByRole('searchbox').fill('failover');
  await until('a leader that crashes', async () => /crash/i.test((await found.allInnerTexts()).slice(0, 4).join('\n')));
  await page.keyboard.press('Escape');
  await library.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await finder(page).getByRole('combobox').fill('projector');
  await page.keyboard.press('Enter');
  await until('the command is done', () => page.evaluate(() => document.documentElement.dataset.theme === 'projector'));
  assert.deepEqual(complaints, []);
  await close();
});

for (const [theme, stored] of Object.entries(THEMES)) {
  test(`the course can be used by all: ${theme}`, async () => {
    const { page, close } = await atStep('activity-4', 6, { stored });
    const problems = async (where) => assert.deepEqual(await accessibilityProblems(page), [], `${theme}: ${where}`);
    await problems('a lesson');
    await button(page, 'Lab sheet').click();
    await sheet(page).waitFor();
    await problems('the lab sheet');
    await page.keyboard.press('Escape');
    await button(page, 'All lessons').click();
    await list(page).waitFor();
    await problems('the list of lessons');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await finder(page).getByRole('combobox').fill('quorum');
    await finder(page).getByRole('option').first().waitFor();
    await problems('the search');
    await close();
  });
}
