// The board: boxes that a person adds and connects, under load.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible, assertFits, button, frame, goToInstant, launch, node, open, openTab, screenshot, SIZES, stage, traceHash, until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const BUILD = 'Build: add and connect boxes';
const EMPTY = '#board/build-your-own';
const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const roles = ({ nodes }) => nodes.map(({ role }) => role);
const linked = ({ links }, a, b) => links.some((link) => link.a === a && link.b === b && link.present);
const run = (page, seconds) => page.evaluate((seconds) => window.__seek.run(seconds), seconds);
const sheet = (page) => page.locator('#boxes');

test('a chain is built by keyboard, and answers', async () => {
  const { page, complaints, close } = await open(browser, { fragment: EMPTY, paused: true });
  await until('a crowd alone', async () => roles(await frame(page)).join() === 'crowd');
  // The sheet takes the keyboard: first the two choices, then the kinds.
  await button(page, BUILD).press('Enter');
  await sheet(page).waitFor();
  await sheet(page).getByRole('button', { name: /^Service/ }).press('Enter');
  await until('a service', async () => roles(await frame(page)).join() === 'crowd,service');
  assert.ok(linked(await frame(page), 1, 2), 'the crowd calls it');
  await sheet(page).getByLabel('Called by').selectOption('2');
  await sheet(page).getByRole('button', { name: /^Database/ }).press('Enter');
  await until('a chain of three', async () => linked(await frame(page), 2, 3));
  await screenshot(page, 'board-built');
  await page.keyboard.press('Escape');
  await run(page, 30);
  const chain = await frame(page);
  assert.deepEqual(roles(chain), ['crowd', 'service', 'database']);
  assert.ok(probe(chain, 'ok') > 50, `${probe(chain, 'ok')}`);
  assert.ok(probe(chain, 'origin') > 100, 'the database is asked through the service');
  // Two presses of Undo take the last box and its connection back.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await until('the database is gone', async () => roles(await frame(page)).join() === 'crowd,service');
  await assertAccessible(page);
  assert.deepEqual(complaints, []);
  await close();
});

test('boxes are added, connected and set by touch', async () => {
  const { page, complaints, close } = await open(browser, { fragment: EMPTY, paused: true, viewport: SIZES.phone, hasTouch: true });
  await until('a crowd alone', async () => roles(await frame(page)).join() === 'crowd');
  const add = async (kind, by) => {
    await sheet(page).getByLabel('Called by').selectOption(by);
    await sheet(page).getByRole('button', { name: kind }).tap();
  };
  await button(page, BUILD).tap();
  await add(/^Balancer/, '1');
  await add(/^Service/, '2');
  await add(/^Service/, '0');
  await sheet(page).getByRole('button', { name: 'Close' }).tap();
  await until('four boxes', async () => roles(await frame(page)).join() === 'crowd,balancer,service,service');
  assert.ok(!linked(await frame(page), 2, 4));
  // Connect the balancer to the second service, on the stage.
  await button(page, BUILD).tap();
  await sheet(page).getByLabel('Called by').selectOption('2');
  await sheet(page).getByRole('button', { name: 'Connect two boxes' }).tap();
  await stage(page).locator('[data-node="4"]').tap();
  await until('connected', async () => linked(await frame(page), 2, 4));
  await assertFits(page, 'a board on a phone');
  await screenshot(page, 'board-phone');
  // What the box may be set to belongs to its kind.
  await node(page, 3).tap();
  const panel = page.locator('.inspector');
  await panel.getByRole('heading', { name: 'This box' }).waitFor();
  assert.equal(await panel.getByLabel('Workers, node 3', { exact: true }).count(), 1);
  assert.equal(await panel.getByLabel(/Answers that a cache keeps/).count(), 0);
  await panel.locator('select').first().selectOption('cache');
  await until('a cache', async () => roles(await frame(page))[2] === 'cache' || (await run(page, 2), false));
  assert.ok((await panel.getByLabel(/Answers that a cache keeps/).count()) > 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a breaker saves the callers of a slow service', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const saved = await goToInstant(page, 'board/breaker', 25_000_000);
  assert.ok(probe(saved, 'opened') > 0);
  assert.equal(probe(saved, 'down'), 0, 'the services before it have free workers');
  await screenshot(page, 'board-breaker-open');
  const without = await goToInstant(page, 'board/no-breaker', 25_000_000);
  assert.equal(probe(without, 'opened'), 0);
  assert.ok(probe(without, 'down') > 1, `${probe(without, 'down')}`);
  assert.ok(probe(without, 'stuck') > probe(saved, 'stuck'));
  assert.deepEqual(complaints, []);
  await close();
});

test('retries multiply from tier to tier', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const storm = await goToInstant(page, 'board/retry-storm', 9_000_000);
  assert.equal(probe(storm, 'calls-each'), 27);
  await screenshot(page, 'board-retry-storm');
  assert.deepEqual(complaints, []);
  await close();
});

test('a link to a board opens the same board elsewhere', async () => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const { page, complaints, close } = await open(browser, { fragment: EMPTY, paused: true, permissions });
  await until('a crowd alone', async () => roles(await frame(page)).join() === 'crowd');
  await button(page, BUILD).click();
  await sheet(page).getByRole('button', { name: /^Service/ }).click();
  await page.keyboard.press('Escape');
  await run(page, 10);
  const [here, nodes] = [await traceHash(page), roles(await frame(page))];
  await button(page, 'Copy link').click();
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const fragment = await until('a link', async () => new URL(await copied()).hash);
  const other = await open(browser, { fragment, paused: true });
  await until('the same board', async () => roles(await frame(other.page)).join() === nodes.join());
  await until('the same instant', async () => (await traceHash(other.page)) === here);
  assert.deepEqual([...complaints, ...other.complaints], []);
  await other.close();
  await close();
});

test('a board fits every window', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'board/one-slow', 20_000_000);
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
    await screenshot(page, `board-${name}`);
    const boxes = await stage(page).locator('[data-node]').evaluateAll((all) => all.map((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return { left, right, top, bottom };
    }));
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        const apart = one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
        assert.ok(apart, `${name}: boxes overlap`);
      }
    }
  }
  await openTab(page, 'Measures');
  assert.deepEqual(complaints, []);
  await close();
});
