// What a learner does in a lesson: guesses, and saves what was written.

import { readFile } from 'node:fs/promises';

import { button } from './page.mjs';

export const lesson = (page) => page.locator('.lesson');
export const title = (page) => page.locator('#lesson-step').innerText();
export const lock = (page) => button(page, 'Lock in');
export const list = (page) => page.getByRole('dialog', { name: 'Learn' });
export const sheet = (page) => page.getByRole('dialog', { name: /^Lab sheet/ });

// The page has drawn what it knows: a run that opens goes to where its question is asked.
const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

// Makes some guess with whatever the card offers: true if there is something to guess.
export async function guess(page) {
  if ((await lock(page).count()) === 0) return false;
  const number = page.locator('.ask-dial input[type=number]');
  const option = page.locator('.ask-option input');
  // It may be decided meanwhile.
  const soon = { timeout: 5_000 };
  if ((await number.count()) > 0) await number.first().fill('10', soon).catch(() => {});
  else if ((await option.count()) > 0) await option.first().check(soon).catch(() => {});
  await drawn(page);
  return (await lock(page).count()) > 0 && lock(page).isEnabled();
}

// The same for a question that comes later in the run.
export async function guessWhenAsked(page) {
  await drawn(page);
  if (await guess(page)) return true;
  if ((await page.getByText('Play: the question comes when the run is there.').count()) === 0) return false;
  const play = button(page, 'Play').first();
  if (await play.isVisible()) await play.click();
  await lock(page).waitFor();
  return guess(page);
}

export async function saved(page, name) {
  const download = page.waitForEvent('download');
  await name();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}
