// A whole activity, from its first step to the exported lab sheet.

import assert from 'node:assert/strict';

import { guessWhenAsked, lesson, lock, saved, sheet, title } from './learner.mjs';
import { button, open, speed, until } from './page.mjs';

export async function wholeActivity(browser, { lessonTitle, file, least, system }) {
  const { page, complaints, close } = await open(browser, { paced: true });
  await button(page, 'Learn').click();
  await button(page, lessonTitle).click();
  await lesson(page).waitFor();
  await speed(page, 4);
  const titles = [await title(page)];
  const notes = [];
  let guessed = 0;
  for (;;) {
    if (await guessWhenAsked(page)) {
      await lock(page).click();
      await page.locator('.ask-answer').waitFor();
      guessed += 1;
    }
    const write = lesson(page).locator('.lesson-write textarea');
    if ((await write.count()) > 0) {
      notes.push(`Note of step ${titles.length}`);
      // Letter by letter, while the run may go on: none of them gets lost.
      await write.first().pressSequentially(notes.at(-1));
      assert.equal(await write.first().inputValue(), notes.at(-1));
    }
    if ((await button(page, 'Next step').count()) === 0) break;
    await button(page, 'Next step').click();
    await until('the next step is open', async () => (await title(page)) !== titles.at(-1));
    titles.push(await title(page));
  }
  assert.ok(titles.length >= least.steps, `${titles.length} steps`);
  assert.ok(guessed >= least.guesses, `${guessed} guesses`);
  assert.ok(notes.length >= least.notes, `${notes.length} notes`);
  await button(page, 'Finish').click();
  await sheet(page).waitFor();
  await sheet(page).getByLabel('Name').fill('Ada');
  await sheet(page).getByRole('textbox', { name: 'A real system' }).fill(system);
  await sheet(page).getByLabel('What is alike?').fill('Both must live with a cut.');
  await sheet(page).getByLabel('Name').focus();
  const markdown = await saved(page, () => button(page, 'Save as Markdown').click());
  assert.equal(markdown.name, file);
  for (const part of ['Name: Ada', system, 'Both must live with a cut.', ...notes]) {
    assert.ok(markdown.text.includes(part), `the sheet has "${part}"`);
  }
  const answers = markdown.text.match(/^\d+\. \*\*/gm).length;
  assert.ok(answers >= least.guesses, `${answers} answers on the sheet`);
  const html = await saved(page, () => button(page, 'Save as a page').click());
  assert.match(html.text, /Note of step/);
  assert.deepEqual(complaints, []);
  await close();
}
