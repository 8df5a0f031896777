// The published page comes in two parts. Whoever opens it plays with the first; whoever asks for more
// gets the second at once, and is told if it cannot come. (Under development the page is in one part:
// then nothing may ever be asked for.)

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, address, button, launch, now, open, ready, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The second part never comes by itself, only to who asks for it.
function neverByItself() {
  const real = window.fetch;
  window.fetch = (address, ...rest) =>
    String(address).endsWith('_rest.wasm') ? new Promise(() => {}) : real(address, ...rest);
}

const SECOND = /_rest\.wasm$/;

// A page whose second part has not come: what `open` of page.mjs waits for would never happen.
async function first(fragment = '', byItself = false) {
  const profile = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await profile.newPage();
  const asked = [];
  page.on('request', (request) => SECOND.test(request.url()) && asked.push(request.resourceType()));
  if (!byItself) await page.addInitScript(neverByItself);
  await page.goto(address({ fragment }));
  await page.waitForFunction(() => window.__faultline);
  const divided = (await page.locator('meta[name="rest"]').count()) === 1;
  const here = () => page.evaluate(() => window.faultlineRest.here);
  return { page, asked, divided, here, close: () => profile.close() };
}

async function again(page, card) {
  const press = card.getByRole('button', { name: 'Try again' }).click();
  await Promise.all([page.waitForEvent('load'), press]);
  await page.waitForFunction(() => window.__faultline);
}

const down = (page) => page.locator('.scene .node.down');

test('the first part alone plays, is broken, and plays on', async () => {
  const { page, asked, divided, here, close } = await first();
  assert.equal(await here(), !divided);
  await page.locator('.strike.hinted').hover();
  await page.mouse.down();
  await page.mouse.up();
  await down(page).waitFor({ state: 'attached' });
  const struck = await now(page);
  await until('time passes', async () => (await now(page)) > struck + 20_000);
  assert.deepEqual(asked, [], 'the leader was crashed and time went on without the second part');
  await close();
});

test('whoever asks for more gets the second part at once', async () => {
  const { page, asked, divided, here, close } = await first();
  await button(page, 'Library').click();
  await page.getByRole('dialog', { name: /Library/ }).waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Panels').click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('tabpanel', { name: 'Settings' }).waitFor();
  await button(page, 'Share').click();
  await page.getByRole('dialog', { name: /Share/ }).waitFor();
  assert.equal(await here(), true);
  assert.deepEqual(asked, divided ? ['xhr'] : []);
  await close();
});

test('a link to another run waits for both parts, fetched side by side', async () => {
  const { page, asked, divided, here, close } = await first('#hash-ring', true);
  assert.equal(await here(), true);
  assert.deepEqual(asked, divided ? ['fetch'] : []);
  await page.locator('.key-ring').waitFor({ state: 'attached' });
  await close();
});

test('if the second part cannot come, a card says so, and the run opens again with all that was done', async () => {
  const { page, divided, close } = await first();
  if (!divided) return close();
  await page.locator('.strike.hinted').dispatchEvent('click');
  await down(page).waitFor({ state: 'attached' });
  await page.route(SECOND, (route) => route.abort());
  await button(page, 'Share').dispatchEvent('click');
  const card = page.getByRole('alertdialog', { name: 'A part of the page did not come' });
  await card.waitFor();
  assert.match(await card.innerText(), /network may be gone/);
  assert.deepEqual(await accessibilityProblems(page), []);
  await page.unroute(SECOND);
  await again(page, card);
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
