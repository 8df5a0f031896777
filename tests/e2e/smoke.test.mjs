// First checks: the page opens and runs without complaints.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  accessibilityProblems,
  address,
  button,
  caption,
  launch,
  leaders,
  now,
  open,
  play,
  screenshot,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('the page opens without errors, on a running cluster with a leader', async () => {
  const { page, complaints, requests, close } = await open(browser);
  await page.getByRole('heading', { level: 1, name: 'Crash the leader' }).waitFor();
  assert.equal(await page.title(), 'Crash the leader · Faultline');
  const seen = await untilFrame(page, 'a leader', (seen) => leaders(seen).length === 1);
  assert.equal(seen.nodes.length, 5);
  assert.match(await caption(page).innerText(), /^Node 3 leads\. Click its .*to crash it\.$/s);
  await button(page, 'Pause').waitFor();
  // It runs: time passes and messages travel without a click.
  const began = await now(page);
  await until('time passes', async () => (await now(page)) > began + 100_000);
  await untilFrame(page, 'messages in flight', (seen) => seen.messages.length > 0);
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.equal(await page.getByRole('alertdialog').count(), 0);
  await screenshot(page, 'smoke');
  assert.deepEqual(complaints, []);
  // Everything loads from the page's own folder.
  const own = address();
  assert.deepEqual(
    requests.filter((request) => !request.startsWith(own)),
    [],
  );
  await close();
});

test('the page has no accessibility problem that a machine can find', async () => {
  const { page, close } = await open(browser);
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  await close();
});

test('the poster can be read before any script runs', async () => {
  const profile = await browser.newContext({ javaScriptEnabled: false });
  const page = await profile.newPage();
  await page.goto(address());
  assert.equal(await page.title(), 'Crash the leader · Faultline');
  assert.equal(await page.locator('h1').innerText(), 'Crash the leader');
  assert.match(
    await page.locator('.caption').innerText(),
    /^Node 3 leads\. Click its .*to crash it\.$/s,
  );
  assert.equal(await page.locator('.scene .node').count(), 5);
  const crown = await page.locator('.scene .crown').boundingBox();
  assert.ok(crown.width > 10 && crown.y > 0, 'the leader wears its crown');
  assert.match(await page.getByRole('alert').innerText(), /needs JavaScript/);
  await profile.close();
});

test('nothing moves when the page takes over from the poster', async () => {
  const places = (page) =>
    page.evaluate(() => {
      const boxes = (selector) =>
        [...document.querySelectorAll(selector)].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return [x + width / 2, y + height / 2];
        });
      return {
        nodes: boxes('.scene .node .shape'),
        badges: boxes('.scene .strike'),
        play: boxes('.play'),
        palette: boxes('.palette .verb'),
        heading: boxes('h1'),
      };
    });
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 768, height: 1024 },
    { width: 390, height: 844 },
  ]) {
    const profile = await browser.newContext({ javaScriptEnabled: false, viewport });
    const poster = await profile.newPage();
    await poster.goto(address());
    const before = await places(poster);
    await profile.close();
    const { page, close } = await open(browser, { viewport });
    const after = await places(page);
    for (const name of Object.keys(before)) {
      assert.equal(after[name].length, before[name].length, `${name} at ${viewport.width}`);
      before[name].forEach(([x, y], i) => {
        const [now, below] = after[name][i];
        const moved = Math.hypot(now - x, below - y);
        assert.ok(moved <= 2, `${name} ${i + 1} moved by ${moved} px at ${viewport.width}`);
      });
    }
    await close();
  }
});

test('every essay is fetched when it is opened, and asked for again when it did not come', async () => {
  const { page, requests, complaints, close } = await open(browser, { paused: true });
  await button(page, 'Library').click();
  const entries = page.locator('.library-entry');
  const asked = () => requests.filter((address) => /texts\/.*\.html/.test(address)).length;
  assert.equal(asked(), 0);
  const first = entries.first();
  await page.route(/texts\//, (route) => route.abort());
  await first.locator('summary').click();
  await first.getByText('The text did not load.').waitFor();
  await page.unroute(/texts\//);
  await first.getByRole('button', { name: 'Try again' }).click();
  await first.locator('.essay p').first().waitFor();
  assert.equal(await first.getByText('did not load').count(), 0);
  const count = await entries.count();
  for (let at = 1; at < count; at += 1) {
    await entries.nth(at).locator('summary').focus();
    await page.keyboard.press('Enter');
    await entries.nth(at).locator('.essay p').first().waitFor();
  }
  // Closed and opened again, it is still there.
  await first.locator('summary').click();
  await first.locator('summary').click();
  await first.locator('.essay p').first().waitFor();
  assert.equal(asked(), count + 1);
  assert.deepEqual(
    complaints.filter((line) => !line.includes('texts/') && !line.includes('ERR_FAILED')),
    [],
  );
  await close();
});
