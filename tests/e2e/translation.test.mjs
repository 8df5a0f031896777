// A browser that translates the page moves each text into a <font> of its own. The page keeps working,
// and changes stay visible.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  button,
  caption,
  frame,
  launch,
  leaders,
  node,
  now,
  open,
  openTab,
  speed,
  strike,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Acts like a translator on the page and on every later text. `way` is how it inserts its elements; all
// of them exist in real browsers. If `polite`, it skips elements that forbid translation.
function translate({ way, polite = false }) {
  const skip = 'script, style, noscript, font, textarea, option' + (polite ? ', [translate="no"]' : '');
  const take = (text) => {
    if (!text.data.trim() || text.parentElement?.closest(skip)) return;
    const outer = document.createElement('font');
    const inner = outer.appendChild(document.createElement('font'));
    if (way === 'moved in') {
      text.before(outer);
      inner.append(text);
      text.data = `«${text.data}»`;
      return;
    }
    inner.textContent = `«${text.data}»`;
    if (way === 'replaced') text.replaceWith(outer);
    else {
      text.before(outer);
      text.remove();
    }
  };
  const takeAll = (root) => {
    const texts = [];
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) texts.push(text);
    texts.forEach(take);
  };
  takeAll(document.body);
  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') {
        if (target.isConnected) take(target);
        continue;
      }
      for (const added of addedNodes) {
        if (!added.isConnected) continue;
        if (added.nodeType === Node.TEXT_NODE) take(added);
        else if (added.nodeType === Node.ELEMENT_NODE) takeAll(added);
      }
    }
  });
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  window.showOriginal = () => {
    observer.disconnect();
    for (const font of document.querySelectorAll('font:not(font font)')) {
      font.replaceWith(document.createTextNode(font.textContent.replace(/[«»]/g, '')));
    }
  };
}

// The visible text, and that it is translated.
const words = async (locator) => (await locator.first().textContent()).replace(/[«»\s]+/g, ' ').trim();
const under = (page, id) =>
  page.locator('.node', { has: page.locator(`[data-node="${id}"]`) }).locator('text.under');

for (const way of ['replaced', 'inserted before', 'moved in']) {
  test(`a translated page goes on and shows what changes (texts are ${way})`, async () => {
    const { page, complaints, close } = await open(browser, { fragment: BULLY });
    await openTab(page, 'Log');
    await page.evaluate(translate, { way });
    assert.match(await caption(page).textContent(), /«/, 'it is translated');
    const clock = () => words(page.locator('.transport .time'));
    const [time, said] = [await clock(), await words(caption(page))];
    const role = await words(under(page, 5));
    const began = await now(page);
    await until('time passes', async () => (await now(page)) > began + 100_000);
    await until('the clock goes on', async () => (await clock()) !== time);
    await strike(page, 5).click();
    await until('the label changes', async () => (await words(under(page, 5))) !== role);
    await until('the caption changes', async () => (await words(caption(page))) !== said);
    await speed(page, 4);
    await untilFrame(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
    await button(page, '«Pause»').click();
    await until('the button says Play', async () =>
      (await words(page.locator('.transport .play'))) === 'Play');
    // Everything on the stage is the run's: no old text is left.
    const { nodes } = await frame(page);
    for (const { id } of nodes) {
      const label = await under(page, id).textContent();
      assert.match(label, /^«[^«»]+»$/, `the label of node ${id}, once: ${label}`);
    }
    // Panels come and go, other scenarios open, the title follows.
    await node(page, 4).click();
    await page.getByRole('heading', { name: '«Node 4»' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: /Help/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.evaluate(() => (location.hash = '#cluster/hello'));
    await until('the heading changes', async () =>
      (await words(page.getByRole('heading', { level: 1 }))) === 'Hello, cluster');
    assert.equal(await page.title(), 'Hello, cluster · Faultline');
    await page.goBack();
    await until('the heading changes back', async () =>
      (await words(page.getByRole('heading', { level: 1 }))) !== 'Hello, cluster');
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('figures that change all the time are not for translators', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY });
  await page.evaluate(translate, { way: 'replaced', polite: true });
  for (const figure of ['.transport .time', '.speed output', '.node .number']) {
    assert.equal(await page.locator(`${figure} font`).count(), 0, figure);
  }
  assert.ok((await page.locator('.caption font').count()) > 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('the original is shown again, and goes on changing', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  const text = () => page.locator('.page').innerText();
  const before = await text();
  await page.evaluate(translate, { way: 'replaced' });
  assert.notEqual(await text(), before);
  await page.evaluate(() => window.showOriginal());
  await until('all is as before', async () => (await text()) === before);
  await strike(page, 5).click();
  await until('the label changes', async () => /down/i.test(await words(under(page, 5))));
  assert.deepEqual(complaints, []);
  await close();
});
