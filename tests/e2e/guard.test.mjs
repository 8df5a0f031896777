// A bug in the page never leaves a dead page: a card offers a way to continue. (For a page that does
// not start: start.test.mjs.)

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  accessibilityProblems,
  BULLY,
  button,
  frame,
  launch,
  leaders,
  now,
  open,
  playUntil,
  ready,
  strike,
  traceHash,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const debug = { 'faultline.debug': '1' };

// A run with a crash in it, after which the page panics.
async function broken() {
  const opened = await open(browser, {
    fragment: BULLY,
    paused: true,
    stored: debug,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = opened;
  await strike(page, 5).click();
  await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  // Another act saves the latest instant.
  await strike(page, 1).click();
  const trace = await traceHash(page);
  const at = await now(page);
  await button(page, 'Help').click();
  await button(page, 'Panic now (debug)').click();
  const card = page.getByRole('alertdialog', { name: 'Faultline itself has crashed' });
  await card.waitFor();
  return { ...opened, card, trace, at };
}

test('a visitor is not offered the panic', async () => {
  const { page, close } = await open(browser);
  await button(page, 'Help').click();
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /Panic/ }).count(), 0);
  await close();
});

test('the card can be read and reached, and reopens the run without the last action', async () => {
  const { page, card, trace, at, close } = await broken();
  assert.match(await card.innerText(), /not one of your faults/);
  assert.equal(
    await page.evaluate(() => document.activeElement.textContent),
    'Reopen without the last action',
  );
  assert.deepEqual(await accessibilityProblems(page), []);
  await Promise.all([
    page.waitForEvent('load'),
    card.getByRole('button', { name: 'Reopen without the last action' }).click(),
  ]);
  await ready(page);
  // The panic was the last action; all earlier actions are still there.
  assert.equal(await traceHash(page), trace);
  assert.equal(await now(page), at);
  assert.ok((await frame(page)).nodes[4].life.down);
  assert.equal(await page.getByRole('alertdialog').count(), 0);
  await strike(page, 5).click();
  assert.equal((await frame(page)).nodes[4].life, 'up');
  await close();
});

test('the card copies the run as a recipe', async () => {
  const { page, card, trace, close } = await broken();
  await card.getByRole('button', { name: 'Copy this run' }).click();
  await card.getByRole('button', { name: 'Copied' }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(await card.getByRole('textbox', { name: 'This run as text' }).inputValue(), text);
  const { run, message, page: where } = JSON.parse(text);
  assert.equal(run.recipe.scenario, 'bully/kill-the-leader');
  assert.match(run.recipe.commands.join('; '), /crash n5.*crash n1/);
  assert.match(message, /debug button/);
  assert.equal(where, page.url());
  // The recipe repeats the run with the same engine outside the page.
  const hash = await page.evaluate(({ recipe, cursor }) => {
    const { scenario, ...options } = recipe;
    const again = new window.wasmBindings.Simulation(scenario, options);
    again.runUntil(cursor);
    return again.hash();
  }, run);
  assert.equal(hash, trace);
  await close();
});

test('the card leads home', async () => {
  const { page, card, close } = await broken();
  await Promise.all([
    page.waitForEvent('load'),
    card.getByRole('button', { name: 'Go home' }).click(),
  ]);
  await ready(page);
  const seen = await untilFrame(page, 'home lives', (seen) => leaders(seen).includes(3));
  assert.ok(seen.nodes.every((node) => node.life === 'up'));
  assert.equal(new URL(page.url()).hash, '');
  await close();
});
