// The published page comes in two parts. Whoever opens it plays with the first; whoever asks for more
// gets the second at once, and is told if it cannot come. (Under development the page is in one part:
// then nothing may ever be asked for.)

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, address, button, launch, open, ready } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The second part never comes by itself, only to who cannot go on without it.
function neverByItself() {
  const real = window.fetch;
  window.fetch = (address, ...rest) =>
    String(address).endsWith('_rest.wasm') ? new Promise(() => {}) : real(address, ...rest);
}

const SECOND = /_rest\.wasm$/;

// A page whose second part has not come: what `open` of page.mjs waits for would never happen.
async function first({ fragment = '', second = (page) => page.addInitScript(neverByItself) } = {}) {
  const profile = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await profile.newPage();
  const asked = [];
  page.on('request', (request) => SECOND.test(request.url()) && asked.push(request.resourceType()));
  await second(page);
  await page.goto(address({ fragment }));
  const divided = (await page.locator('meta[name="rest"]').count()) === 1;
  if (divided && !fragment) await page.locator('.strike.hinted').waitFor();
  else await whole(page);
  const here = () => page.evaluate(() => window.faultlineRest.here);
  return { page, asked, divided, here, close: () => profile.close() };
}

const whole = (page) => page.waitForFunction(() => window.__faultline);

async function again(page, card) {
  const press = card.getByRole('button', { name: 'Try again' }).click();
  await Promise.all([page.waitForEvent('load'), press]);
}

// A click where the poster shows a button: it is inert, and no hand knows that.
async function clickPoster(page, button) {
  const { x, y, width, height } = await page.locator(button).boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

const down = (page) => page.locator('.scene .node.down');
const library = (page) => page.getByRole('dialog', { name: /Library/ });

test('the first part alone plays, is broken, and plays on', async () => {
  const { page, asked, divided, here, close } = await first();
  assert.equal(await here(), !divided);
  await page.locator('.strike.hinted').hover();
  await page.mouse.down();
  await page.mouse.up();
  await down(page).waitFor({ state: 'attached' });
  const term = (number) => page.locator('.scene .node .under', { hasText: new RegExp(`leader t${number}`, 'i') });
  await term(2).or(term(3)).waitFor({ state: 'attached' });
  assert.deepEqual(asked, [], 'the leader was crashed and another one elected without the second part');
  await close();
});

test('whoever cannot go on without the second part gets it at once, and all of the page with it', async () => {
  const { page, asked, divided, here, close } = await first();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: /Help|Keys/ }).waitFor();
  assert.equal(await here(), true);
  await whole(page);
  await page.keyboard.press('Escape');
  await button(page, 'Library').click();
  await library(page).waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Panels').click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('tabpanel', { name: 'Settings' }).waitFor();
  await button(page, 'Share').click();
  await page.getByRole('dialog', { name: /Share/ }).waitFor();
  assert.deepEqual(asked, divided ? ['xhr'] : []);
  await close();
});

test('a click on a bar that does not live yet is done when it does', async () => {
  let asks;
  const asking = new Promise((resolve) => (asks = resolve));
  const second = (page) => page.route(SECOND, asks);
  const { page, asked, divided, close } = await first({ second });
  if (divided) {
    const route = await asking;
    await clickPoster(page, '.top .door:has-text("Library")');
    assert.equal(await library(page).count(), 0);
    await route.continue();
  } else {
    await button(page, 'Library').click();
  }
  await library(page).waitFor();
  assert.deepEqual(asked, divided ? ['fetch'] : []);
  await close();
});

test('a link to another run waits for both parts, fetched side by side', async () => {
  const { page, asked, divided, here, close } = await first({ fragment: '#hash-ring', second() {} });
  assert.equal(await here(), true);
  assert.deepEqual(asked, divided ? ['fetch'] : []);
  await page.locator('.key-ring').waitFor({ state: 'attached' });
  await close();
});

test('less motion, a theme, a question in the address: both parts come before the page, and it never waits in the middle', async () => {
  const init = () => {
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (...request) {
      window.waitedInTheMiddle = true;
      return open.apply(this, request);
    };
  };
  const stored = { 'faultline.theme': 'dark', 'faultline.spacetime': '1' };
  for (const options of [{}, { reducedMotion: 'reduce' }, { stored }, { paused: true }]) {
    const { page, complaints, close } = await open(browser, { ...options, init });
    assert.equal(await page.evaluate(() => window.waitedInTheMiddle), undefined, JSON.stringify(options));
    assert.deepEqual(complaints, []);
    await close();
  }
});

test('if the second part cannot come, a card says so, and the run opens again with all that was done', async () => {
  const second = (page) => page.route(SECOND, (route) => route.abort());
  const { page, divided, close } = await first({ second });
  if (!divided) return close();
  await page.locator('.strike.hinted').dispatchEvent('click');
  await down(page).waitFor({ state: 'attached' });
  await clickPoster(page, '.top .door[aria-label="Share"]');
  const card = page.getByRole('alertdialog', { name: 'A part of the page did not come' });
  await card.waitFor();
  assert.match(await card.innerText(), /network may be gone/);
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.unroute(SECOND);
  await again(page, card);
  await whole(page);
  await down(page).waitFor({ state: 'attached' });
  await button(page, 'Share').click();
  await page.getByRole('dialog', { name: /Share/ }).waitFor();
  await close();
});

test('a link whose second part cannot come can be tried again', async () => {
  const profile = await browser.newContext();
  const page = await profile.newPage();
  await page.route(SECOND, (route) => route.abort());
  await page.goto(address({ fragment: '#hash-ring' }));
  if (await page.locator('meta[name="rest"]').count()) {
    const card = page.getByRole('alertdialog', { name: 'A part of the page did not come' });
    await card.waitFor();
    await page.unroute(SECOND);
    await again(page, card);
  }
  await page.locator('.key-ring').waitFor({ state: 'attached' });
  await profile.close();
});

test('the second part comes by itself when the page stands', async () => {
  const { page, requests, complaints, close } = await open(browser);
  await ready(page);
  const divided = (await page.locator('meta[name="rest"]').count()) === 1;
  assert.equal(requests.filter((address) => SECOND.test(address)).length, divided ? 1 : 0);
  assert.deepEqual(complaints, []);
  await close();
});
