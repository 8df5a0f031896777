// A link is the whole run: copied, shared, saved and opened again, by mouse, drop and keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile } from 'node:fs/promises';

import jsQR from 'jsqr';

import {
  BULLY,
  SIZES,
  address,
  assertAccessible,
  assertFits,
  assertSame,
  button,
  frame,
  launch,
  live,
  now,
  open,
  openTab,
  pause,
  playUntil,
  ready,
  screenshot,
  seen,
  settled,
  speed,
  stage,
  stateHash,
  strike,
  tab,
  traceHash,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const sheet = (page) => page.getByRole('dialog', { name: 'Share this run' });
const link = (page) => sheet(page).getByRole('textbox', { name: 'Link', exact: true });
const alertText = (page) => page.getByRole('alert').innerText();

// The number of pixels with clearly different colours in two pictures. Edges may be smoothed
// differently.
function differingPixels(page, one, other) {
  const pictures = [one, other].map((png) => `data:image/png;base64,${png.toString('base64')}`);
  return page.evaluate(async (pictures) => {
    const pixels = async (address) => {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), {
        width: image.width,
        height: image.height,
      });
      const paper = canvas.getContext('2d');
      paper.drawImage(image, 0, 0);
      return paper.getImageData(0, 0, image.width, image.height).data;
    };
    const [a, b] = [await pixels(pictures[0]), await pixels(pictures[1])];
    if (a.length !== b.length) return Infinity;
    let differing = 0;
    for (let i = 0; i < a.length; i += 4) {
      if ([0, 1, 2].some((channel) => Math.abs(a[i + channel] - b[i + channel]) > 64)) differing += 1;
    }
    return differing;
  }, pictures);
}

async function share(page) {
  await button(page, 'Share').click();
  await sheet(page).waitFor();
}

// Leaving a page under development interrupts its reload request.
const own = (complaints) => complaints.filter((line) => !line.includes('/-/reload'));

const instant = async (page) => ({
  trace: await traceHash(page),
  state: await stateHash(page),
  now: await now(page),
});

// A run with a crash in it, paused, with its log open.
async function brokenRun(options = {}) {
  const opened = await open(browser, { fragment: BULLY, paused: true, ...options });
  await openTab(opened.page, 'Log');
  await strike(opened.page, 5).click();
  await playUntil(opened.page, 'some seconds pass', (seen) => seen.time > 6_000_000);
  return opened;
}

/** The stage's picture once it stands still. */
async function still(page) {
  let last;
  await until('the picture stands still', async () => {
    const now = await stage(page).screenshot();
    const same = last !== undefined && (await differingPixels(page, last, now)) === 0;
    last = now;
    return same;
  });
  return last;
}

test('a link opens the same instant, looked at in the same way', async () => {
  const { page, complaints, close } = await brokenRun();
  await share(page);
  const text = await link(page).inputValue();
  assert.match(text, /#v1\.[\w-]+$/);
  await page.keyboard.press('Escape');
  assert.equal(await sheet(page).count(), 0);
  const was = await instant(page);
  // A cross stays for a moment of wall time while time runs; a person who opens an instant sees all of
  // its crosses.
  await share(page);
  await page.getByRole('textbox', { name: 'Link or text of a file' }).fill(text);
  await button(page, 'Open').click();
  await until('it is open', async () => (await sheet(page).count()) === 0);
  assert.deepEqual(await instant(page), was);
  await page.mouse.move(5, 5);
  await settled(page);
  const picture = await still(page);
  const looked = await seen(page);
  assert.deepEqual(complaints, []);
  await close();

  const other = await open(browser, { fragment: new URL(text).hash, paused: true });
  assert.deepEqual(await instant(other.page), was);
  assert.equal(await tab(other.page, 'Log').getAttribute('aria-selected'), 'true');
  assert.ok(await tab(other.page, 'Log').isVisible(), 'the panels are open');
  await other.page.mouse.move(5, 5);
  await settled(other.page);
  assertSame(await seen(other.page), looked, 'the copied instant');
  const same = async () =>
    (await differingPixels(other.page, picture, await stage(other.page).screenshot())) === 0;
  await until('it is the same picture', same);
  await button(other.page, 'Undo').click();
  assert.deepEqual(other.complaints, []);
  await other.close();
});

test('a file is saved, and opens by choice, by drop and by paste', async () => {
  const { page, complaints, close } = await brokenRun();
  const was = await instant(page);
  await share(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Save as .run file').click(),
  ]);
  assert.equal(download.suggestedFilename(), 'bully-kill-the-leader.run');
  const file = await download.path();
  const text = await readFile(file, 'utf8');
  assert.match(text, /crash n5"/, 'a person can read it');

  const elsewhere = async () => {
    await page.evaluate(() => (location.hash = '#cluster/hello'));
    await page.getByRole('heading', { level: 1, name: 'Hello, cluster' }).waitFor();
  };
  const back = (how) =>
    until(how, async () => JSON.stringify(await instant(page)) === JSON.stringify(was));

  await elsewhere();
  await share(page);
  await page.getByLabel('Choose a file').setInputFiles({
    name: 'class.run',
    mimeType: 'text/plain',
    buffer: Buffer.from(text),
  });
  await back('the chosen file is open');
  assert.equal(await sheet(page).count(), 0);

  await elsewhere();
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'class.run'));
    const dropped = { dataTransfer: transfer, bubbles: true, cancelable: true };
    document.querySelector('.scene').dispatchEvent(new DragEvent('drop', dropped));
  }, text);
  await back('the dropped file is open');

  // By the keyboard alone.
  await elsewhere();
  await button(page, 'Share').focus();
  await page.keyboard.press('Enter');
  await sheet(page).waitFor();
  const field = page.getByRole('textbox', { name: 'Link or text of a file' });
  for (let i = 0; i < 20 && !(await field.evaluate((e) => e === document.activeElement)); i += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.insertText(text);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await back('the pasted file is open');
  assert.deepEqual(complaints, []);
  await close();
});

test('errors of opening appear in the sheet, and the run continues', async () => {
  const { page, complaints, close } = await brokenRun();
  const was = await instant(page);
  await share(page);
  const field = page.getByRole('textbox', { name: 'Link or text of a file' });
  const wrong = sheet(page).locator('#open-run-wrong');
  for (const [text, words] of [
    ['nonsense!', /damaged/],
    ['v9.abc', /version v9/],
    ['{"recipe":{}}', /not a saved run/],
    [`v1.${'A'.repeat(300_000)}`, /too much/],
    ['no-such/thing', /no protocol/],
  ]) {
    await field.fill(text);
    await button(page, 'Open').click();
    await until(`${text.slice(0, 20)} is refused`, async () => words.test(await wrong.innerText()));
  }
  assert.deepEqual(await instant(page), was);
  await page.keyboard.press('Escape');
  assert.deepEqual(complaints, []);
  await close();
});

test('hostile links give a sentence and a working page', async () => {
  const recipe = { version: 1, scenario: 'raft/kill-the-leader', seed: '1' };
  for (const [change, words] of [
    [{ params: { nodes: '1000000000' } }, /Nodes must lie between/],
    [{ commands: Array(5000).fill('1s heal') }, /5000 commands/],
    [{ commands: ['1s request n1 {'] }, /not JSON/],
  ]) {
    const { deflateRawSync } = await import('node:zlib');
    const json = JSON.stringify({ recipe: { ...recipe, ...change }, cursor: 5_000_000 });
    const fragment = `#v1.${deflateRawSync(json).toString('base64url')}`;
    const { page, complaints, close } = await open(browser, { fragment });
    await page.getByRole('alert').waitFor();
    assert.match(await alertText(page), words);
    assert.match(await alertText(page), /The home scenario opened instead\./);
    await strike(page, 5).click();
    assert.ok((await frame(page)).nodes[4].life.down);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test('a link with 200 commands opens', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const made = await page.evaluate(() => {
    const commands = Array.from({ length: 200 }, (_, i) => {
      return `${1 + i / 20}s ${i % 2 ? 'recover' : 'crash'} n${1 + (i >> 1) % 5}`;
    });
    const run = new window.wasmBindings.Simulation('raft/kill-the-leader', { commands });
    run.runUntil(12_000_000);
    return { recipe: run.recipe(), cursor: 12_000_000, hash: run.hash() };
  });
  await share(page);
  await page
    .getByRole('textbox', { name: 'Link or text of a file' })
    .fill(JSON.stringify({ recipe: made.recipe, cursor: made.cursor }));
  await button(page, 'Open').click();
  await until('it is open', async () => (await traceHash(page)) === made.hash);
  await share(page);
  const text = await link(page).inputValue();
  await page.goto('about:blank');
  await page.goto(text);
  await ready(page);
  await pause(page);
  assert.equal((await frame(page)).time >= 12_000_000, true);
  assert.deepEqual(own(complaints), []);
  await close();
});

// The dark squares as a camera would see them, four pixels each.
function pictureOf(side, path) {
  const scale = 4;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, long] of path.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let row = y * scale; row < (+y + 1) * scale; row += 1) {
      for (let at = x * scale; at < (+x + +long) * scale; at += 1) {
        pixels.fill(0, (row * width + at) * 4, (row * width + at) * 4 + 3);
      }
    }
  }
  return [pixels, width, width];
}

test('the QR code is the link', async () => {
  const { page, complaints, close } = await brokenRun();
  await share(page);
  const code = sheet(page).getByRole('img', { name: 'QR code of this link' });
  const side = Number((await code.getAttribute('viewBox')).split(' ')[2]);
  const path = await code.locator('.code-ink').getAttribute('d');
  const read = (jsQR.default ?? jsQR)(...pictureOf(side, path));
  assert.equal(read?.data, await link(page).inputValue());
  assert.deepEqual(complaints, []);
  await close();
});

test('the sheet can be used at every size', async () => {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const { page, complaints, close } = await open(browser, { viewport, paused: true });
    await share(page);
    await sheet(page).getByRole('img', { name: 'QR code of this link' }).waitFor();
    await assertAccessible(page, size);
    await assertFits(page, size);
    await screenshot(page, `share-${size}`);
    assert.deepEqual(complaints, []);
    await close();
  }
});

test('a frame shows the stage alone, with a way out; students are not told the end', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: '#bully/one-election',
    paused: true,
  });
  await share(page);
  const html = await page.getByRole('textbox', { name: 'HTML code that embeds' }).inputValue();
  assert.match(html, /^<iframe title="One election with the curriculum(?:'|&#39;|&apos;|’)s program · Faultline" src="[^"]+"/);
  await sheet(page).getByRole('checkbox', { name: /student/ }).check();
  const text = await link(page).inputValue();
  assert.match(text, /\?role=student#v1\./);
  await page.goto('about:blank');
  await page.goto(text);
  await ready(page);
  assert.equal(await page.getByText(/Known bug:/).count(), 0);
  await page.goto('about:blank');
  await page.goto(html.match(/src="([^"]+)"/)[1].replaceAll('&amp;', '&'));
  await ready(page);
  assert.equal(await page.getByRole('banner').count(), 0);
  assert.equal(await page.getByRole('tab').count(), 0);
  await page.getByRole('link', { name: 'Open in Faultline' }).waitFor();
  await assertAccessible(page, 'in a frame');
  await screenshot(page, 'embedded');
  assert.deepEqual(own(complaints), []);
  await close();
});

test('closing the sheet goes on playing, and stays paused if it was', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#raft', paused: true });
  const sheet = page.getByRole('dialog', { name: /^Share/ });
  const door = button(page, 'Share');
  await door.click();
  await sheet.waitFor();
  await page.keyboard.press('Escape');
  await button(page, 'Play').waitFor();
  await button(page, 'Play').click();
  await door.click();
  await sheet.waitFor();
  await button(page, 'Play').waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  await button(page, 'Pause').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
