// The first look: the page opens, says what it is, and nobody complains.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, launch, open, screenshot } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('the page opens clean', async () => {
  const { page, complaints, close } = await open(browser);
  await page.getByRole('heading', { level: 1, name: 'Faultline' }).waitFor();
  assert.equal(await page.title(), 'Faultline');
  await screenshot(page, 'smoke');
  assert.deepEqual(complaints, []);
  await close();
});

test('the page has no accessibility problem that a machine can find', async () => {
  const { page, close } = await open(browser);
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await close();
});
