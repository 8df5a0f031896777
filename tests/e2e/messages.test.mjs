// Messages in flight: each is picked by click, dropped, held, duplicated, delayed or swapped, and the
// log says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  button,
  frame,
  goTo,
  launch,
  lists,
  hear, live,
  logged,
  now,
  open,
  openTab,
  SIZES,
  stepUntil,
  strike,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const drawn = (page, address) =>
  page.locator(`.flight [data-message="${address}"]:not([visibility="hidden"])`);

const named = ({ address, kind }) => {
  const [, from, to] = /^n(\d+)->n(\d+)#/.exec(address);
  return `${kind} from ${from} to ${to}`;
};

// A paused page with several messages in flight, and the panel open.
async function withMessages(options) {
  const opened = await open(browser, { paused: true, ...options });
  await openTab(opened.page, 'Log');
  // Far from both ends, where nodes would cover them.
  const seen = await goTo(
    opened.page,
    'messages half way',
    'bully/kill-the-leader',
    ({ messages, time }) =>
      messages.length > 2 &&
      messages.every(({ sent, arrives }) => {
        const part = (time - sent) / (arrives - sent);
        return part > 0.3 && part < 0.7;
      }),
  );
  return { ...opened, messages: seen.messages };
}

// Picks a message by its shape and returns its menu.
async function pick(page, message) {
  await drawn(page, message.address).click();
  const menu = page.getByRole('group', { name: named(message) });
  await menu.waitFor();
  return menu;
}

const found = async (page, address) =>
  (await frame(page)).messages.find((message) => message.address === address);

test('a message is dropped', async () => {
  const { page, complaints, messages, close } = await withMessages();
  const [message] = messages;
  const menu = await pick(page, message);
  await menu.getByRole('button', { name: 'Drop', exact: true }).click();
  assert.equal(await found(page, message.address), undefined);
  assert.equal(await drawn(page, message.address).count(), 0);
  await hear(page, /^The message from node \d to node \d was dropped\./);
  const row = await logged(page, 'Lost messages', /dropped by hand/);
  assert.match(
    row,
    new RegExp(`${message.kind} from node \\d to node \\d was lost: it was dropped by hand\\.`),
  );
  assert.match(await logged(page, 'What you did', /was dropped/), /message from node \d to node \d was dropped\./);
  // A message that is gone says so and offers a way back.
  assert.ok(await menu.getByRole('button', { name: 'Drop', exact: true }).isDisabled());
  await button(page, 'Go back to this message').click();
  await page.getByText('Past', { exact: true }).waitFor();
  assert.ok(await found(page, message.address));
  assert.deepEqual(complaints, []);
  await close();
});

test('a message is held, and released', async () => {
  const { page, complaints, messages, close } = await withMessages();
  const [, message] = messages;
  const menu = await pick(page, message);
  await menu.getByRole('button', { name: 'Hold', exact: true }).click();
  assert.equal((await found(page, message.address)).fate, 'held');
  assert.match(await lists(page).ariaSnapshot(), /, held"/);
  // Time passes, and it stays where it is.
  const place = await drawn(page, message.address).getAttribute('transform');
  const began = await now(page);
  await stepUntil(page, 'two more seconds', (seen) => seen.time > began + 2_000_000);
  assert.equal((await found(page, message.address)).fate, 'held');
  assert.equal(await drawn(page, message.address).count(), 1);
  assert.match(await logged(page, 'What you did', /was held/), /message from node \d to node \d was held\./);
  assert.notEqual(place, null);
  const held = page.getByRole('group', { name: `${named(message)}, held` });
  await held.getByRole('button', { name: 'Release', exact: true }).click();
  assert.equal((await found(page, message.address)).fate, 'flying');
  await stepUntil(
    page,
    'it arrives',
    (seen) => !seen.messages.some((m) => m.address === message.address),
  );
  assert.match(await logged(page, 'What you did', /was released/), /message from node \d to node \d was released\./);
  assert.deepEqual(complaints, []);
  await close();
});

test('a message is duplicated', async () => {
  const { page, complaints, messages, close } = await withMessages();
  const [message] = messages;
  const menu = await pick(page, message);
  await menu.getByRole('button', { name: 'Duplicate', exact: true }).click();
  const copies = (await frame(page)).messages.filter(({ address }) =>
    address.startsWith(message.address),
  );
  assert.equal(copies.length, 2);
  assert.match(
    await logged(page, 'Messages', /A copy of/),
    /A copy of \w+ is also on its way from node \d to node \d\./,
  );
  assert.match(
    await logged(page, 'What you did', /was duplicated/),
    /message from node \d to node \d was duplicated\./,
  );
  assert.deepEqual(complaints, []);
  await close();
});

test('a message is delayed by about a hop', async () => {
  const { page, complaints, messages, close } = await withMessages();
  const [message] = messages;
  const menu = await pick(page, message);
  const delay = menu.getByRole('button', { name: /^Delay [\d.]+ ms$/ });
  const hop = parseFloat((await delay.innerText()).slice('Delay '.length)) * 1_000;
  await delay.click();
  const late = await found(page, message.address);
  assert.ok(late.delayed);
  assert.equal(late.arrives - message.arrives, hop, 'what the button says');
  const own = message.arrives - message.sent;
  assert.ok(Math.abs(hop - own) <= own / 10, `${hop} is about as long as its way, ${own}`);
  assert.match(await lists(page).ariaSnapshot(), /, delayed"/);
  assert.match(
    await logged(page, 'What you did', /was delayed by/),
    /was delayed by [\d.]+ m?s\./,
  );
  assert.deepEqual(complaints, []);
  await close();
});

test('the inspector does the same, and swaps two messages', async () => {
  const { page, complaints, messages, close } = await withMessages();
  const [one, other] = messages;
  await pick(page, one);
  await openTab(page, 'Inspect');
  const panel = page.getByRole('tabpanel');
  await panel.getByRole('heading', { name: /^Message from node \d to node \d$/ }).waitFor();
  await panel.getByText(one.kind, { exact: true }).first().waitFor();
  await panel.getByLabel('Swap arrival with').selectOption(other.address);
  assert.equal((await found(page, one.address)).arrives, other.arrives);
  assert.equal((await found(page, other.address)).arrives, one.arrives);
  await panel.getByRole('textbox', { name: 'Delay by' }).fill('soon');
  await panel.getByRole('button', { name: 'Delay', exact: true }).click();
  await until('the field says what is wrong', async () =>
    /soon/.test(await panel.getByRole('alert').innerText()),
  );
  assert.match(await logged(page, 'What you did', /swapped/), /in swapped order\./);
  assert.deepEqual(complaints, []);
  await close();
});

test('a message is held, delayed by a chosen length and swapped without a mouse', async () => {
  const { page, complaints, messages, close } = await withMessages();
  const [message, other] = messages;
  await page.locator(`[data-message-item="${message.address}"]`).focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('group', { name: named(message), exact: true });
  await menu.waitFor();
  await until('the menu has the focus', () =>
    page.evaluate(() => document.activeElement.closest('.message-menu') !== null),
  );
  const by = menu.getByRole('spinbutton', { name: 'Delay by' });
  await by.focus();
  await by.fill('120');
  await page.keyboard.press('Enter');
  assert.equal((await found(page, message.address)).arrives - message.arrives, 120_000);
  const late = await found(page, message.address);
  await page
    .locator('.message-menu')
    .getByLabel('Swap with')
    .selectOption(other.address);
  assert.equal((await found(page, other.address)).arrives, late.arrives);
  await hear(page, /will arrive in swapped order/);
  await page.locator('.message-menu').getByRole('button', { name: 'Hold' }).focus();
  await page.keyboard.press('Enter');
  assert.equal((await found(page, message.address)).fate, 'held');
  // Esc closes the menu and returns to the list.
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.message-menu').count(), 0);
  assert.equal(
    await page.evaluate(() => document.activeElement.dataset.messageItem),
    message.address,
  );
  assert.deepEqual(complaints, []);
  await close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the menu covers neither its message nor a narrow stage, at ${size} size`, async () => {
    const { page, messages, close } = await withMessages({ viewport });
    for (const { address } of messages.slice(0, 4)) {
      await page.evaluate(
        (address) => document.querySelector(`[data-message-item="${address}"]`).click(),
        address,
      );
      const menu = page.locator('.message-menu');
      await menu.waitFor();
      const [own, glyph, stage] = await Promise.all([
        menu.boundingBox(),
        drawn(page, address).boundingBox(),
        page.locator('.scene-box').boundingBox(),
      ]);
      const apart = (a, b) =>
        a.x + a.width <= b.x ||
        b.x + b.width <= a.x ||
        a.y + a.height <= b.y ||
        b.y + b.height <= a.y;
      assert.ok(apart(own, glyph), `${address}: ${JSON.stringify([own, glyph])}`);
      if (viewport.width < 1024) assert.ok(apart(own, stage), JSON.stringify([own, stage]));
      const delay = menu.getByRole('button', { name: /^Delay [\d.]+ ms$/ });
      const { height } = await delay.boundingBox();
      assert.ok(height < 50, 'its words stay on one line');
      await page.keyboard.press('Escape');
    }
    await close();
  });
}

test('"Lose next message" says which one it has lost', async () => {
  const { page, messages, close } = await withMessages();
  await button(page, 'Lose next message').click();
  const left = (await frame(page)).messages.map(({ address }) => address);
  const [lost] = messages.filter(({ address }) => !left.includes(address));
  const [, from, to] = /^n(\d+)->n(\d+)#/.exec(lost.address);
  const said = `Lost: ${lost.kind} from node ${from} to node ${to}.`;
  await until('it is said', async () => (await live(page).innerText()).includes(said));
  await page.locator('.toast', { hasText: said }).waitFor();
  await close();
});

test('a press that moves away before it is let go does nothing', async () => {
  const { page, close } = await open(browser, { paused: true });
  const before = await page.evaluate(() => window.__faultline.stateHash());
  const { x, y, width, height } = await strike(page, 5).boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(20, 300);
  await page.mouse.up();
  assert.equal(await page.evaluate(() => window.__faultline.stateHash()), before);
  await close();
});
