// Pictures for the README, and for people who want to see the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  button,
  frame,
  goTo,
  launch,
  leaders,
  node,
  open,
  openTab,
  pause,
  screenshot,
  SIZES,
  stage,
  stepUntil,
  strike,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Both open where the messages are far from their senders, which would hide them.

// The leader has crashed, and the others ask each other.
const election = (page) =>
  goTo(
    page,
    'questions on their way',
    BULLY.slice(1),
    ({ nodes, messages, time }) =>
      nodes.some(({ life }) => life.down) &&
      messages.filter(({ shape }) => shape === 'election').length > 7 &&
      messages.every(({ sent, arrives }) => {
        const part = (time - sent) / (arrives - sent);
        return part > 0.1 && part < 0.9;
      }),
    ['5s crash n5'],
  );

// The same, and then a partition.
const splitElection = (page) =>
  goTo(
    page,
    'questions on their way to a wall',
    BULLY.slice(1),
    ({ sides, messages, time }) =>
      sides.length > 1 &&
      messages.filter(({ shape }) => shape === 'election').length > 3 &&
      messages.every(({ sent, arrives }) => {
        const part = (time - sent) / (arrives - sent);
        return part > 0.1 && part < 0.9;
      }),
    ['5s crash n5', '6s partition n1,n2|n3,n4,n5'],
  );

for (const [width, viewport] of Object.entries({
  1280: SIZES.desktop,
  768: SIZES.tablet,
  390: SIZES.phone,
})) {
  test(`pictures at ${width} px`, async () => {
    const { page, complaints, close } = await open(browser, { viewport });
    await untilFrame(page, 'messages in flight', (seen) => seen.messages.length > 2);
    await screenshot(page, `home-${width}`);
    await pause(page);
    await strike(page, 3).click();
    await stepUntil(
      page,
      'the others ask for votes',
      (seen) => seen.nodes[2].life.down && seen.messages.some(({ shape }) => shape === 'election'),
    );
    await screenshot(page, `crash-${width}`);
    await splitElection(page);
    assert.equal((await frame(page)).sides.length, 2);
    if (width === '1280') await openTab(page, 'Inspect');
    await screenshot(page, `election-split-${width}`);
    await node(page, 3).click();
    await openTab(page, 'Inspect');
    await screenshot(page, `inspector-${width}`);
    if (width !== '1280') {
      await page.getByRole('tabpanel').scrollIntoViewIfNeeded();
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await screenshot(page, `inspector-below-${width}`);
      await page.evaluate(() => window.scrollTo(0, 0));
    }
    await stage(page).locator('[data-message]:not([visibility="hidden"])').first().click();
    await screenshot(page, `message-${width}`);
    await page.keyboard.press('Escape');
    for (const name of ['Log', 'Measures', 'Settings']) {
      await openTab(page, name);
      await screenshot(page, `${name.toLowerCase()}-${width}`);
    }
    await button(page, 'Step back').click();
    await screenshot(page, `past-${width}`);
    await button(page, 'Library').click();
    await screenshot(page, `library-${width}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More faults' }).click();
    await screenshot(page, `more-${width}`);
    await page.getByRole('button', { name: 'More faults' }).click();
    await button(page, 'Help').click();
    await screenshot(page, `help-${width}`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`dark picture at ${width} px`, async () => {
    const { page, close } = await open(browser, {
      viewport,
      paused: true,
      stored: { 'faultline.theme': 'dark' },
    });
    await election(page);
    await screenshot(page, `dark-${width}`);
    await close();
  });
}

test('the picture for the README: an election after the leader crashed', async () => {
  const { page, complaints, close } = await open(browser, {
    viewport: SIZES.desktop,
    paused: true,
  });
  await openTab(page, 'Log');
  await election(page);
  assert.deepEqual(leaders(await frame(page)), [], 'nobody leads yet');
  await screenshot(page, 'readme');
  assert.deepEqual(complaints, []);
  await close();
});

test('pictures of the largest clusters', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  for (const nodes of ['12', '50']) {
    await openTab(page, 'Settings');
    const field = page.getByRole('textbox', { name: 'Nodes', exact: true });
    await field.fill(nodes);
    await field.press('Enter');
    await until(`${nodes} nodes`, async () => (await frame(page)).nodes.length === Number(nodes));
    await stepUntil(page, 'messages', (seen) => seen.messages.length > 3);
    await screenshot(page, `nodes-${nodes}`);
  }
  assert.deepEqual(complaints, []);
  await close();
});
