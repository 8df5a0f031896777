// "Name the parts": marks on the stage point at a node, a message, a belief and a fault, and the page
// checks the chosen words.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  button,
  launch,
  open,
  screenshot,
  stepUntil,
  strike,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const card = (page) => page.getByRole('dialog', { name: 'Name the parts' });

async function openCard(page) {
  await button(page, 'Help').click();
  await button(page, 'Name the parts of the picture').click();
  await card(page).waitFor();
}

test('without a fault the card says what is missing', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#raft/kill-the-leader',
    paused: true,
  });
  await stepUntil(page, 'a message', (frame) => frame.messages.length > 0);
  await openCard(page);
  await card(page).getByText('Nothing is broken yet').waitFor();
  await page.keyboard.press('Escape');
  await until('the card to close', async () => (await card(page).count()) === 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('four parts are named, and wrong answers are shown', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#raft/kill-the-leader',
    paused: true,
  });
  await strike(page, 5).click();
  await stepUntil(page, 'a message', (frame) => frame.messages.length > 0);
  await openCard(page);
  const choices = card(page).getByRole('combobox');
  assert.equal(await choices.count(), 4);
  assert.equal(await page.locator('.pin').count(), 4);
  // The same word for all: exactly one of them is right.
  for (let at = 0; at < 4; at += 1) await choices.nth(at).selectOption('belief');
  await card(page).getByRole('status').getByText('1 of 4 right.').waitFor();
  await assertAccessible(page, 'the parts');
  await screenshot(page, 'name-the-parts');
  // The note on each shows the right word.
  const told = await card(page).getByRole('listitem').allInnerTexts();
  for (const [at, text] of told.entries()) {
    const word = /A (node|message|belief|fault)\b/.exec(text)[1];
    await choices.nth(at).selectOption(word);
  }
  await card(page).getByRole('status').getByText('4 of 4 right.').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
