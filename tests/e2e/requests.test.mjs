// Requests: a write and a read as a client, by button and by key, and their results.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  frame,
  launch,
  leaders,
  hear,
  node,
  now,
  open,
  playUntil,
  SIZES,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const strip = (page) => page.getByRole('list', { name: 'Requests', exact: true });
const sheet = (page) => page.getByRole('group', { name: 'Send a request', exact: true });

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`a write and a read are sent and their results are shown, at ${size} size`, async () => {
    const { page, complaints, close } = await open(browser, {
      viewport,
      paused: true,
      fragment: '#raft',
    });
    assert.equal(await strip(page).count(), 0, 'nothing of it before the first request');
    const [leader] = leaders(await frame(page));
    await button(page, 'Request').click();
    await sheet(page).getByLabel('to node').selectOption(String(leader));
    await sheet(page).getByLabel('value').fill('42');
    await button(page, 'Write a value').click();
    const [write] = (await frame(page)).operations;
    assert.equal(write.node, leader);
    assert.match(write.request, /key x, value 42/);
    await hear(page, new RegExp(`A client asked node ${leader} to `));
    await strip(page)
      .getByRole('button', { name: /waiting write x = 42/ })
      .waitFor();
    await assertAccessible(page, 'with a request under way');
    await assertFits(page, 'with a request under way');

    await page.keyboard.press('Escape');
    await playUntil(page, 'it is done', ({ operations }) => operations.every(({ ok }) => ok), 0);
    const done = strip(page).getByRole('button', { name: /ok write x = 42/ });
    await done.waitFor();
    // Back to its end, from any instant.
    const { completed } = (await frame(page)).operations[0];
    await button(page, 'Request').click();
    await button(page, 'Read a value').click();
    await page.keyboard.press('Escape');
    await playUntil(page, 'the read, too', ({ operations }) => operations[1].ok !== null, 0);
    await done.click();
    assert.equal(await now(page), completed);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('E sends a request without a mouse, and one without an answer says so', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: '#raft' });
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const [leader] = leaders(await frame(page));
  await node(page, leader).focus();
  await press('e');
  await sheet(page).waitFor();
  await press('Enter');
  assert.equal((await frame(page)).operations[0].node, leader);
  await press('Escape');
  assert.equal(await sheet(page).count(), 0);
  // The receiving node crashes with its request.
  await node(page, leader).focus();
  await press('x');
  await playUntil(page, 'it has ended', ({ operations }) => operations[0].ok !== null, 0);
  const [asked] = (await frame(page)).operations;
  await strip(page)
    .getByRole('button', { name: new RegExp(`^${asked.end} write x = 1`) })
    .waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('a text that is not a number is not sent', async () => {
  const { page, close } = await open(browser, { paused: true, fragment: '#cluster' });
  await button(page, 'Request').click();
  const before = (await frame(page)).operations.length;
  const to = sheet(page).getByLabel('to', { exact: true }).first();
  await to.fill('soon');
  await to.press('Enter');
  assert.equal((await frame(page)).operations.length, before);
  assert.equal(await to.getAttribute('aria-invalid'), 'true');
  await to.fill('2');
  await to.press('Enter');
  assert.equal((await frame(page)).operations.length, before + 1);
  await close();
});
