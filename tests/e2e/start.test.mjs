// A page whose program cannot start says why and what to do. The poster never looks as if it runs.

import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';

import { accessibilityProblems, address, button, launch, ready } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const PROGRAM = /_bg\.wasm$/;
const MODULE = /\/faultline-web[^/]*\.js$/;
const BROWSERS = /Chrome or Edge \d+, Firefox \d+, Safari \d+/;

const GONE = 'A newer version of this page is online';
const OFFLINE = 'Part of the page did not load';
const POLICY = 'A security policy blocks Faultline';

const answer = (status, body = 'not found') => (route) =>
  route.fulfill({ status, contentType: 'text/plain', body });
const abort = (route) => route.abort();
// Some servers answer with an HTML page for a missing file.
const otherPage = (route) => route.fulfill({ contentType: 'text/html', body: '<p>Nothing here' });

async function tab(before = () => {}) {
  const profile = await browser.newContext();
  const page = await profile.newPage();
  await before(page);
  return { page, close: () => profile.close() };
}

// The card with this title, in a page or a frame; it is readable, and nothing behind it looks as if it
// runs.
async function card(place, title) {
  const card = place.getByRole('alertdialog', { name: title });
  await card.waitFor();
  assert.equal(await place.locator('.badge.live:visible').count(), 0, 'nothing may look alive');
  assert.equal(await place.getByRole('alertdialog').count(), 1);
  return card;
}

// The served page with other headers.
const served = (page, headers) =>
  page.route(address(), async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), ...headers } });
  });
const withPolicy = (page, policy) => served(page, { 'content-security-policy': policy });

for (const [what, files, say, title, text] of [
  ['the module is gone', MODULE, answer(404), GONE, /Reload/],
  ['the module is another page', MODULE, otherPage, GONE, /Reload/],
  ['the program is gone', PROGRAM, answer(404), GONE, /Reload/],
  ['the program is another page', PROGRAM, otherPage, GONE, /Reload/],
  ['the module is out of reach', MODULE, abort, OFFLINE, /network/],
  ['the program is out of reach', PROGRAM, abort, OFFLINE, /network/],
  ['the server is out of order', PROGRAM, answer(503), 'The server did not send the program', /Try again/],
]) {
  test(`${what}: the card says so, and the page starts when it is mended`, async () => {
    const { page, close } = await tab((page) => page.route(files, say));
    await page.goto(address());
    const shown = await card(page, title);
    assert.match(await shown.innerText(), text);
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.unroute(files);
    await Promise.all([page.waitForEvent('load'), shown.getByRole('button').first().click()]);
    await ready(page);
    assert.equal(await page.getByRole('alertdialog').count(), 0);
    await close();
  });
}

test('a second part that is gone for good is said at once', async () => {
  const { page, close } = await tab((page) => page.route(/_rest\.wasm$/, answer(404)));
  await page.goto(address());
  if (await page.locator('meta[name="rest"]').count()) await card(page, GONE);
  await close();
});

test('a page opened as a file names a server to open it from', async () => {
  const { page, close } = await tab();
  await page.goto(pathToFileURL(path.join(process.env.FAULTLINE_FOLDER, 'index.html')).href);
  const shown = await card(page, 'Faultline must be opened from a web server');
  assert.match(await shown.innerText(), /cargo xtask serve/);
  await close();
});

test('a browser without WebAssembly gets a message', async () => {
  const { page, close } = await tab((page) => page.addInitScript('delete window.WebAssembly'));
  await page.goto(address());
  const shown = await card(page, 'WebAssembly is not available');
  assert.match(await shown.innerText(), BROWSERS);
  assert.match(await shown.innerText(), /Lockdown Mode/);
  await close();
});

for (const [what, script] of [
  ['newer WebAssembly', 'WebAssembly.validate = () => false'],
  ['JavaScript modules', 'delete HTMLScriptElement.prototype.noModule'],
]) {
  test(`a browser without ${what} is told which ones work`, async () => {
    const { page, close } = await tab(async (page) => {
      await page.addInitScript(script);
      // Such a browser does not start the program.
      await page.route(PROGRAM, abort);
    });
    await page.goto(address());
    const shown = await card(page, 'This browser is too old for Faultline');
    assert.match(await shown.innerText(), new RegExp(`lacks ${what}`));
    assert.match(await shown.innerText(), BROWSERS);
    await close();
  });
}

test('a browser that cannot read the program is too old, too', async () => {
  const { page, close } = await tab((page) =>
    page.route(MODULE, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `a new ?! syntax;${await response.text()}` });
    }),
  );
  await page.goto(address());
  const shown = await card(page, 'This browser is too old for Faultline');
  assert.match(await shown.innerText(), BROWSERS);
  await close();
});

// A page that embeds this one. (At the same address, because browsers do not let other sites embed a
// page of this machine.) A route that answers allows all origins, so only the tests that need it route
// the files.
async function framed(sandbox, shared) {
  const opened = await tab(async (page) => {
    const body = `<iframe sandbox="${sandbox}" src="${address()}" width="1000" height="700"></iframe>`;
    await page.route(`${address()}outer.html`, (route) => route.fulfill({ contentType: 'text/html', body }));
    for (const file of shared ? [MODULE, /\.wasm$/] : []) {
      await page.route(file, async (route) => {
        const response = await route.fetch();
        const headers = { ...response.headers(), 'access-control-allow-origin': '*' };
        await route.fulfill({ response, headers });
      });
    }
  });
  await opened.page.goto(`${address()}outer.html`);
  return { ...opened, inner: opened.page.frameLocator('iframe') };
}

test('in a sandboxed frame the card names the sandbox and the way out', async () => {
  const { inner, close } = await framed('allow-scripts', false);
  const shown = await card(inner, 'A sandbox keeps Faultline from starting');
  const text = await shown.innerText();
  assert.ok(text.includes(address()) && text.includes('allow-same-origin'), text);
  await close();
});

test('in a sandboxed frame of a server that shares its files the page runs without storage', async () => {
  const { inner, close } = await framed('allow-scripts', true);
  await inner.locator('.page:not(.poster) .scene .node').first().waitFor();
  await inner.getByRole('button', { name: 'Library', exact: true }).click();
  await inner.getByRole('dialog', { name: /Library/ }).waitFor();
  assert.equal(await inner.getByRole('alertdialog').count(), 0);
  await close();
});

for (const [what, policy, named] of [
  ['WebAssembly', "script-src 'self' 'unsafe-inline'", /WebAssembly|wasm/],
  ['the module', "script-src 'unsafe-inline' 'wasm-unsafe-eval'", /script-src/],
  ['the program’s file', "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'none'", /connect-src/],
]) {
  test(`a policy that forbids ${what} is named, with the one that does not`, async () => {
    const { page, close } = await tab((page) => withPolicy(page, policy));
    await page.goto(address());
    const shown = await card(page, POLICY);
    const text = await shown.innerText();
    assert.match(text, named);
    assert.match(text, /cargo xtask build/);
    await close();
  });
}

for (const [what, options, policy] of [
  ['a policy that forbids every script', {}, "script-src 'none'"],
  ['a browser with JavaScript turned off', { javaScriptEnabled: false }, null],
]) {
  test(`${what}: the page says so without one`, async () => {
    const profile = await browser.newContext(options);
    const page = await profile.newPage();
    if (policy) await withPolicy(page, policy);
    await page.goto(address());
    const note = page.getByRole('alert').filter({ hasText: 'Faultline needs JavaScript' });
    await note.waitFor();
    assert.match(await note.innerText(), /Turn on JavaScript.*content security policy/);
    assert.equal(await page.locator('.badge.live:visible').count(), 0);
    await profile.close();
  });
}

test('a page that starts shows no note', async () => {
  const { page, close } = await tab();
  await page.goto(address());
  await ready(page);
  assert.equal(await page.getByText('Faultline needs JavaScript').isVisible(), false);
  await button(page, 'Pause').waitFor();
  await close();
});
