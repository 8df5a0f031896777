// The published page has two parts. The first is enough to play with. An action that needs more fetches
// the second part at once, and a card says so if it cannot load. (Under development the page has one
// part and must fetch nothing.)

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { accessibilityProblems, address, button, launch, open, ready, until } from './page.mjs';
import { lateData, poison } from './poison.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The second part never loads by itself, only for code that needs it.
function neverByItself() {
  const real = window.fetch;
  window.fetch = (address, ...rest) =>
    String(address).endsWith('_rest.wasm') ? new Promise(() => {}) : real(address, ...rest);
}

const STALE =
  'the first seconds called a function of the second part: run `cargo xtask first` and commit the new list';
const WRONG =
  'the first part read a constant of the second: see xtask/split/src/divide/memory.rs, and run `cargo xtask first`';

const SECOND = /_rest\.wasm$/;

// A page without its second part: `open` of page.mjs would wait forever.
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

// A click on a button of the poster, which is inert.
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
  const term = (number) => page.getByRole('button', { name: new RegExp(`leader, term ${number}`) });
  await term(2).or(term(3)).first().waitFor({ state: 'attached' });
  assert.deepEqual(asked, [], STALE);
  await close();
});

// The visible parts of the stage that do not change while time runs.
const standing = (page) =>
  page.evaluate(() => {
    const boxes = (selector) =>
      [...document.querySelectorAll(selector)].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join(' ');
      });
    const texts = [...document.querySelectorAll('.scene .number')].map((text) => text.textContent);
    return { texts, nodes: boxes('.scene .node .shape'), cuts: boxes('.scene .scissors') };
  });

// The constants of the second part are poisoned before the program starts: a function that reads one
// too early fails.
async function poisoned(ranges) {
  const profile = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await profile.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  let bring;
  const held = new Promise((resolve) => (bring = resolve));
  await page.route(SECOND, async (route) => {
    await held;
    await route.continue();
  });
  await page.addInitScript(poison, ranges);
  await page.goto(address());
  return { page, complaints, bring, close: () => profile.close() };
}

test('the first part reads no constant that comes with the second', async () => {
  const late = await lateData(address());
  if (!late) return;
  assert.ok(late.rest.length > 10, 'the second part brings constants');
  const { page, complaints, bring, close } = await poisoned(late.rest);
  const early = (what) => assert.deepEqual(complaints, [], `${what}: ${WRONG}`);
  await page.locator('.strike.hinted').waitFor().catch(() => early('the first picture'));
  await page.locator('.strike.hinted').click();
  await down(page).waitFor({ state: 'attached' });
  const elected = page.locator('.scene .node .under', { hasText: /^leader, term [23]$/i });
  await elected.waitFor({ state: 'attached' }).catch(() => early('an election'));
  await page.locator('.scissors').first().dispatchEvent('click');
  await page.locator('.strike').first().dispatchEvent('click');
  early('the first seconds');
  assert.ok(await page.evaluate(() => window.poisoned > 0), 'the poison was given');
  const before = await standing(page);
  bring();
  await whole(page);
  await button(page, 'Pause').click();
  const after = await standing(page);
  assert.deepEqual(before, after, WRONG);
  // The complete page gives the same run from its recipe.
  await page.locator('.strike').nth(1).click();
  const saved = await until('the click is saved', () =>
    page.evaluate(() => JSON.parse(sessionStorage.getItem('faultline.run'))),
  );
  const [run, again] = await page.evaluate(({ recipe, cursor }) => {
    const { scenario, ...options } = recipe;
    const run = new window.wasmBindings.Simulation(scenario, options);
    run.runUntil(cursor);
    return [window.__faultline.traceHash(), run.hash()];
  }, saved);
  assert.equal(run, again, WRONG);
  early('the grown page');
  await close();
});

test('a constant that is read too early is seen', async () => {
  const late = await lateData(address());
  if (!late) return;
  // As if all constants belonged to the second part.
  const { page, complaints, bring, close } = await poisoned([...late.rest, ...late.first]);
  // The text of the failure is in the second part.
  bring();
  await page.getByRole('alertdialog').waitFor();
  assert.ok(complaints.length > 0);
  await close();
});

test('an action that needs the second part fetches it at once, and the whole page with it', async () => {
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

test('a click on a bar of the poster takes effect later', async () => {
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
  const card = page.getByRole('alertdialog', { name: 'Part of the page did not load' });
  await card.waitFor();
  assert.match(await card.innerText(), /network may be down/);
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
    const card = page.getByRole('alertdialog', { name: 'Part of the page did not load' });
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
