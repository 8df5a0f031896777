// Under the content security policy that `cargo xtask build` prints, the page works and looks right.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { address, button, launch, leaders, node, open, openTab, ready, strike, untilFrame } from './page.mjs';

const POLICY = process.env.FAULTLINE_POLICY;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// The page records policy violations from its first moment.
function listen() {
  window.forbidden = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    window.forbidden.push(`${event.effectiveDirective}: ${event.blockedURI} at ${event.sourceFile}`),
  );
}

// Sends the policy with the page and with the worker's script, as a server would.
const withPolicy = (place) =>
  place.route(`${address()}**`, async (route) => {
    const request = route.request();
    const ruled = request.resourceType() === 'document' || request.url().endsWith('/worker.js');
    if (!ruled) return route.continue();
    const response = await route.fetch();
    await route.fulfill({
      response,
      headers: { ...response.headers(), 'content-security-policy': POLICY },
    });
  });

// Opens a page under the policy.
function guarded(options = {}) {
  const strict = {
    newContext: async (context) => {
      const profile = await browser.newContext(context);
      await withPolicy(profile);
      return profile;
    },
  };
  return open(strict, { ...options, init: listen });
}

// The places of all elements with styles of their own.
const places = (page) =>
  page.evaluate(() => {
    const box = (selector) =>
      [...document.querySelectorAll(selector)].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height].map(Math.round).join(' ');
      });
    const placed = ['.scene .node .shape', '.timeline .reign', '.timeline .mark', '.gauge-fill', '[role=option]'];
    return Object.fromEntries(placed.map((selector) => [selector, box(selector)]));
  });

const forbidden = (page) => page.evaluate(() => window.forbidden);

test('the policy is strict: nothing inline but what is known by its hash', () => {
  assert.match(POLICY, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
  assert.doesNotMatch(POLICY, /'unsafe-|\*|https?:/);
});

test('the poster stands where it should before the program is there', async () => {
  const shapes = async (strict) => {
    const profile = await browser.newContext();
    if (strict) await withPolicy(profile);
    const page = await profile.newPage();
    await page.route(/_bg\.wasm$/, () => {});
    await page.goto(address(), { waitUntil: 'commit' });
    await page.locator('.scene .node').nth(4).waitFor();
    const { '.scene .node .shape': found } = await places(page);
    await profile.close();
    return found;
  };
  const [free, strict] = [await shapes(false), await shapes(true)];
  assert.equal(new Set(free).size, 5, 'no two nodes in one place');
  assert.deepEqual(strict, free);
});

test('a scenario is played, broken and looked into without a violation', async () => {
  const { page, complaints, close } = await guarded();
  await untilFrame(page, 'node 3 leads', (seen) => leaders(seen).includes(3));
  const { '.scene .node .shape': shapes } = await places(page);
  assert.equal(new Set(shapes).size, 5, `the nodes stand apart: ${shapes}`);
  await strike(page, 3).click();
  await untilFrame(page, 'another leads', (seen) => leaders(seen).some((id) => id !== 3));
  await button(page, 'Pause').click();
  for (const name of ['Log', 'Settings', 'Library']) {
    if (name === 'Library') await button(page, 'Library').click();
    else await openTab(page, name);
  }
  await page.keyboard.press('Escape');
  await node(page, 1).click();
  await button(page, 'Space-time').click();
  await button(page, 'Share').click();
  await page.getByRole('dialog', { name: /Share/ }).waitFor();
  // A picture is drawn from a data: address.
  const [picture] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Stage as PNG' }).click(),
  ]);
  assert.match(picture.suggestedFilename(), /\.png$/);
  await page.keyboard.press('Escape');
  await button(page, 'Help').click();
  await page.getByRole('dialog', { name: /Help/ }).waitFor();
  await page.keyboard.press('Escape');
  const { '.timeline .reign': reigns } = await places(page);
  assert.ok(reigns.length > 0 && reigns.every((box) => Number(box.split(' ')[2]) > 0), `${reigns}`);
  assert.deepEqual(await forbidden(page), []);
  assert.deepEqual(complaints, []);
  await close();
});

test('many runs are measured in a worker, which obeys the policy too', async () => {
  const { page, complaints, close } = await guarded({ fragment: '#bully/one-election', paused: true });
  await openTab(page, 'Measures');
  await page.getByRole('button', { name: 'Curve: Messages sent' }).click();
  await button(page, 'Measure').click();
  await page.getByText(/^40 of 40 runs measured$/).waitFor();
  assert.equal(page.workers().length, 1);
  assert.deepEqual(await forbidden(page), []);
  assert.deepEqual(complaints, []);
  await close();
});

// The same instant of the same run, with the policy and without.
for (const fragment of ['#raft/split-vote', '#hash-ring', '#bully/kill-the-leader']) {
  test(`${fragment} looks the same with the policy as without`, async () => {
    const looks = [];
    for (const from of [(options) => open(browser, options), guarded]) {
      const { page, complaints, close } = await from({ fragment, paused: true });
      await ready(page);
      for (let step = 0; step < 20; step += 1) await button(page, 'Step forward').click();
      await openTab(page, 'Log');
      await page.getByRole('listbox', { name: /^Events/ }).getByRole('option').first().waitFor();
      looks.push(await places(page));
      assert.deepEqual(complaints, []);
      if (from === guarded) assert.deepEqual(await forbidden(page), []);
      await close();
    }
    assert.deepEqual(looks[1], looks[0]);
  });
}
