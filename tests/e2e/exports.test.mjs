// Exports: every file is saved, read again, and agrees with the page.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFile } from 'node:fs/promises';

import {
  BULLY,
  SIZES,
  assertAccessible,
  assertFits,
  button,
  frame,
  goTo,
  launch,
  live,
  now,
  open,
  openTab,
  playUntil,
  ready,
  screenshot,
  smallTargets,
  strike,
  traceHash,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const sheet = (page) => page.getByRole('dialog', { name: 'Share this run' });
const part = (page) => sheet(page).getByRole('region', { name: 'Export this run' });

async function share(page) {
  await button(page, 'Share').click();
  await sheet(page).waitFor();
}

// The name and the bytes of the file that a button saves. `press` is how to press the button.
async function saved(page, name, press = (button) => button.click()) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    press(part(page).getByRole('button', { name, exact: true })),
  ]);
  const file = download.suggestedFilename();
  await until(`${file} is told`, async () =>
    (await live(page).innerText()).startsWith(`Saved as ${file}.`),
  );
  await page.locator('.toast, .action').filter({ hasText: file, visible: true }).waitFor();
  return { file, bytes: await readFile(await download.path()) };
}

const savedText = async (...how) => (await saved(...how)).bytes.toString('utf8');

// A run with a crash and a lost message, with messages in flight and the share sheet open.
async function brokenRun(options = {}) {
  const opened = await open(browser, { fragment: BULLY, paused: true, ...options });
  const { page } = opened;
  await strike(page, 5).click();
  await playUntil(page, 'some seconds pass', (seen) => seen.time > 6_000_000);
  await share(page);
  return opened;
}

const exported = async (page) => JSON.parse(await savedText(page, 'JSON'));

// How a program reads an SVG file: its labels, or why it is invalid.
const read = (page, svg) =>
  page.evaluate((svg) => {
    const file = new DOMParser().parseFromString(svg, 'image/svg+xml');
    const broken = file.querySelector('parsererror');
    if (broken) return { broken: broken.textContent };
    const root = file.documentElement;
    return {
      title: root.querySelector(':scope > title')?.textContent,
      size: [root.getAttribute('width'), root.getAttribute('height')].map(Number),
      box: root.getAttribute('viewBox'),
      labels: [...root.querySelectorAll('text')].map((text) => text.textContent.trim()),
      tags: [...new Set([...root.querySelectorAll('*')].map((element) => element.localName))],
      paths: root.querySelectorAll('path').length,
    };
  }, svg);

// Nothing in it loads other files, runs code, or depends on the page's styles.
function assertAlone(svg, { tags }) {
  for (const tag of ['script', 'foreignObject', 'image', 'link', 'a']) {
    assert.ok(!tags.includes(tag), `no <${tag}>`);
  }
  assert.doesNotMatch(svg, /var\(--|href=|url\((?!#)|@import| on\w+=/);
}

// The number of colours of a picture, and its size.
const pixels = (page, address) =>
  page.evaluate(async (address) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { width, height } = image;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const paper = canvas.getContext('2d');
    paper.drawImage(image, 0, 0);
    const data = new Uint32Array(paper.getImageData(0, 0, width, height).data.buffer);
    return { width, height, colours: new Set(data).size, paper: data[0] };
  }, address);

const pngAddress = (bytes) => `data:image/png;base64,${bytes.toString('base64')}`;

// The rules of ShiViz for a log: every host counts its own events 1, 2, 3, ..., and no clock knows more
// events of a host than exist. Returns the number of events of each host.
function readShiviz(log) {
  const events = [...log.matchAll(/^(.*)\n(\S*) ({.*})$/gm)].map(([, text, host, clock]) => {
    return { text, host, clock: JSON.parse(clock) };
  });
  assert.equal(events.length * 2, log.trimEnd().split('\n').length, 'nothing but events');
  const counts = {};
  for (const { host, clock } of events) {
    counts[host] = (counts[host] ?? 0) + 1;
    assert.equal(clock[host], counts[host], `${host} ticks on every event`);
  }
  const known = {};
  for (const { host, clock } of events) {
    for (const [other, count] of Object.entries(clock)) {
      assert.ok(count >= 1 && count <= counts[other], `${host} knows ${count} events of ${other}`);
      assert.ok(count >= (known[host]?.[other] ?? 0), `${host} forgets nothing of ${other}`);
    }
    known[host] = clock;
  }
  return counts;
}

test('the trace is saved as a ShiViz log, as JSON and as text', async () => {
  const { page, complaints, close } = await brokenRun();
  const hash = await traceHash(page);
  const { records, trace_hash, recipe, end_us } = await exported(page);
  const seen = await frame(page);
  assert.equal(trace_hash, hash);
  assert.equal(records.length, seen.records);
  assert.equal(end_us, seen.time);
  assert.match(recipe.commands.join(), /crash n5/);

  const text = await savedText(page, 'Plain text');
  assert.match(text, /^bully\/kill-the-leader  seed 1  revision \d+  trace [0-9a-f]{16}\n\n/);
  assert.ok(text.split('\n')[0].endsWith(`trace ${hash}`), 'the hash of this run');
  assert.match(text, /crash n5/);
  const last = Math.floor(Number(text.trimEnd().split('\n').at(-1).trim().split(/\s/)[0]));
  assert.ok(last <= seen.time, 'nothing of the future');

  const log = await saved(page, 'ShiViz log');
  assert.match(log.file, /^bully-kill-the-leader-\d+\.\d{3}s\.log$/);
  const counts = readShiviz(log.bytes.toString('utf8'));
  for (const node of seen.nodes) assert.ok(counts[`n${node.id}`] > 0, `node ${node.id} is in it`);
  assert.equal(await traceHash(page), hash, 'the run is as it was');

  // The same run opens from its JSON.
  await page.evaluate(() => (location.hash = '#cluster/hello'));
  await page.getByRole('heading', { level: 1, name: 'Hello, cluster' }).waitFor();
  const json = JSON.stringify({ recipe, end_us });
  await page.getByLabel('Choose a file').setInputFiles({
    name: 'run.json',
    mimeType: 'application/json',
    buffer: Buffer.from(json),
  });
  await until('the run is open again', async () => (await traceHash(page)) === hash);
  assert.deepEqual(complaints, []);
  await close();
});

test('events after the present instant are not exported', async () => {
  const { page, complaints, close } = await brokenRun();
  const all = (await exported(page)).records.length;
  await page.keyboard.press('Escape');
  for (let i = 0; i < 5; i += 1) await button(page, 'Step back').click();
  await share(page);
  const { records, trace_hash } = await exported(page);
  assert.ok(records.length < all);
  assert.equal(trace_hash, await traceHash(page));
  assert.equal(records.length, (await frame(page)).records);
  assert.deepEqual(complaints, []);
  await close();
});

test('a sequence diagram is saved and copied: of the diagram\'s window, if it is open', async () => {
  const { page, complaints, close } = await brokenRun({ permissions: ['clipboard-read', 'clipboard-write'] });
  const wide = await savedText(page, 'Sequence diagram');
  assert.match(wide, /^sequenceDiagram\n {4}participant n1\n/);
  assert.match(wide, /n\d->>n\d: /);
  await part(page).getByRole('button', { name: 'Copy sequence diagram' }).click();
  await until('it is copied', async () => (await live(page).innerText()).startsWith('Copied.'));
  // Windows may change the line ends of copied texts.
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied.replaceAll('\r\n', '\n'), wide);
  await page.keyboard.press('Escape');

  await button(page, 'Space-time').click();
  const area = page.getByRole('region', { name: 'Space-time' });
  await area.waitFor();
  const window = () => page.locator('.st-sheet').getAttribute('data-window');
  await until('the diagram is drawn', window);
  const before = await window();
  for (let i = 0; i < 3; i += 1) await area.getByRole('button', { name: 'Zoom in' }).click();
  await until('it is nearer', async () => (await window()) !== before);
  await share(page);
  await part(page).getByRole('group', { name: "Events in the diagram's window" }).waitFor();
  const narrow = await savedText(page, 'Sequence diagram');
  assert.match(narrow, /^sequenceDiagram\n/);
  assert.ok(narrow.length < wide.length, 'only what is in the window');
  const [, from, to] = (await window()).split(' ').map(Number);
  const ends = [...narrow.matchAll(/\(([\d.]+)(?:[^\d)]+([\d.]+))? s\)$/gm)];
  assert.ok(ends.length > 0, 'something happens in it');
  for (const [, start, end] of ends) {
    assert.ok(Number(end ?? start) * 1e6 <= to + 1e4 && Number(end ?? start) * 1e6 >= from - 1e4);
  }
  assert.deepEqual(complaints, []);
  await close();
});

test('the space-time diagram is saved as it is shown', async () => {
  const { page, complaints, close } = await brokenRun();
  const svg = await savedText(page, 'Space-time diagram as SVG');
  const whole = await read(page, svg);
  assert.equal(whole.broken, undefined);
  assert.match(whole.title, /^Space-time diagram: 5 nodes/);
  assertAlone(svg, whole);
  for (const node of [1, 2, 3, 4, 5]) assert.ok(whole.labels.includes(String(node)), `lane ${node}`);
  await page.keyboard.press('Escape');
  await button(page, 'Space-time').click();
  await until('it is drawn', () => page.locator('.st-sheet').getAttribute('data-window'));
  await share(page);
  const shown = await read(page, await savedText(page, 'Space-time diagram as SVG'));
  const sheetSize = await page.locator('.st-sheet').evaluate((e) => [e.clientWidth, e.clientHeight]);
  assert.deepEqual(shown.size, sheetSize, 'the size of what is looked at');
  assert.deepEqual(complaints, []);
  await close();
});

// A crash, a cut link, and messages in flight.
const inFlight = (page) =>
  goTo(
    page,
    'messages are on their way',
    'bully/kill-the-leader',
    (frame) => frame.time > 5_300_000 && frame.messages.filter((m) => m.shape !== 'heartbeat').length > 2,
    ['2s crash n5', '3s cut n1-n2'],
  );

for (const theme of ['light', 'dark', 'projector']) {
  test(`the stage is saved as SVG and as PNG, ${theme}`, async () => {
    const { page, complaints, close } = await open(browser, {
      paused: true,
      stored: { 'faultline.theme': theme },
    });
    const seen = await inFlight(page);
    await share(page);
    const svg = await savedText(page, 'Stage as SVG');
    const picture = await read(page, svg);
    assert.equal(picture.broken, undefined);
    assertAlone(svg, picture);
    const stage = await page.locator('.scene').evaluate((e) => [e.clientWidth, e.clientHeight]);
    assert.deepEqual(picture.size, stage);
    assert.equal(picture.box, `0 0 ${stage.join(' ')}`);
    assert.match(picture.title, new RegExp(`5 nodes, ${seen.messages.length} messages in flight$`));
    for (const { id } of seen.nodes) assert.ok(picture.labels.includes(String(id)), `node ${id}`);
    assert.ok(picture.labels.some((label) => /^down/i.test(label)), 'the crash is told');
    const letters = seen.messages.map((message) => message.letter).filter(Boolean);
    for (const letter of letters) assert.ok(picture.labels.includes(letter), `message ${letter}`);

    const png = await saved(page, 'Stage as PNG');
    assert.equal(png.bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
    const dots = await pixels(page, pngAddress(png.bytes));
    assert.deepEqual([dots.width, dots.height], stage.map((length) => 2 * length));
    assert.ok(dots.colours > 20, `${dots.colours} colours`);
    // The corner has the page's background colour.
    const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const [r, g, b] = paper.match(/\d+/g).map(Number);
    assert.equal(dots.paper >>> 0, ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('a stage with more messages than shapes is saved with all of them', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const many = (frame) => frame.messages.length > 150;
  const crash = ['2s crash n30'];
  const seen = await goTo(page, 'many', 'bully/kill-the-leader', many, crash, { nodes: '30' });
  await share(page);
  const svg = await savedText(page, 'Stage as SVG');
  const picture = await read(page, svg);
  assert.equal(picture.broken, undefined);
  assert.ok(picture.paths >= seen.messages.length, `${picture.paths} paths`);
  assert.deepEqual(complaints, []);
  await close();
});

test('a lab record holds the run, and its link opens it', async () => {
  const { page, complaints, close } = await brokenRun();
  const [hash, instant] = [await traceHash(page), await now(page)];
  const { file, bytes } = await saved(page, 'Lab record');
  assert.match(file, /-lab\.md$/);
  const record = bytes.toString('utf8');
  assert.match(record, /^# .+\n\n5 nodes · /);
  assert.ok(record.includes(`Trace: \`${hash}\``));
  assert.match(record, /faultline run bully\/kill-the-leader --seed 1/);
  for (const part of ['What I did', 'Measurements', 'Rules']) {
    assert.ok(record.includes(`## ${part}\n`), part);
  }
  assert.match(record, /\| \d+\.\d{3} s \| .*node 5.* \|/i);
  const measured = await page.evaluate(() => JSON.parse(window.__faultline.frameJson()).sent);
  for (const [kind, count] of measured) assert.ok(record.includes(`| Sent: ${kind} | ${count} |`));
  const pictures = [...record.matchAll(/^\[picture-\d\]: (data:image\/png;base64,\S+)$/gm)];
  assert.equal(pictures.length, 2);
  for (const [, address] of pictures) assert.ok((await pixels(page, address)).colours > 10);

  const link = record.match(/<(http[^>]+#v1\.[\w-]+)>/)[1];
  await page.goto('about:blank');
  await page.goto(link);
  await ready(page);
  await until('the same instant', async () => (await now(page)) >= instant);
  await button(page, 'Pause').click().catch(() => {});
  const other = await open(browser, { fragment: new URL(link).hash, paused: true });
  assert.equal(await traceHash(other.page), hash);
  assert.equal(await now(other.page), instant);
  assert.deepEqual(other.complaints, []);
  await other.close();
  assert.deepEqual(complaints.filter((line) => !line.includes('/-/reload')), []);
  await close();
});

test('the page says so if the browser draws no picture', async () => {
  const { page, complaints, close } = await brokenRun({
    init: () => (HTMLImageElement.prototype.decode = () => Promise.reject(new Error('no'))),
  });
  await part(page).getByRole('button', { name: 'Stage as PNG' }).click();
  await until('it is said', async () => /could not draw/.test(await live(page).innerText()));
  const record = await savedText(page, 'Lab record');
  assert.equal([...record.matchAll(/^\[picture-\d\]: data:image\/svg\+xml/gm)].length, 2);
  assert.deepEqual(complaints, []);
  await close();
});

test('of two runs, the active one is exported', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await button(page, 'Compare').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Another seed: 2' }).click();
  await until('there are two', async () => (await page.locator('.stage-pane').count()) === 2);
  for (let i = 0; i < 8; i += 1) await button(page, 'Step forward').click();
  await share(page);
  const { trace_hash } = await exported(page);
  assert.equal(trace_hash, await traceHash(page));
  const picture = await read(page, await savedText(page, 'Stage as SVG'));
  const acting = page.locator('.acting .scene');
  assert.deepEqual(picture.size, await acting.evaluate((e) => [e.clientWidth, e.clientHeight]));
  assert.deepEqual(complaints, []);
  await close();
});

test('everything is exported with the keyboard alone', async () => {
  const { page, complaints, close } = await brokenRun();
  const all = await part(page).getByRole('button').allInnerTexts();
  assert.ok(all.length >= 9, all.join());
  await part(page).getByRole('button').first().focus();
  for (const name of all) {
    const button = part(page).getByRole('button', { name, exact: true });
    assert.ok(await button.evaluate((e) => e === document.activeElement), `Tab leads to ${name}`);
    if (!name.startsWith('Copy')) {
      const { bytes } = await saved(page, name, () => page.keyboard.press('Enter'));
      assert.ok(bytes.length > 100, name);
    }
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  assert.equal(await sheet(page).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the sheet exports at ${size} size`, async () => {
    const { page, complaints, close } = await brokenRun({ viewport });
    await assertAccessible(page, size);
    await assertFits(page, size);
    assert.deepEqual(await smallTargets(page), [], size);
    const svg = await savedText(page, 'Stage as SVG');
    const picture = await read(page, svg);
    const stage = await page.locator('.scene').evaluate((e) => [e.clientWidth, e.clientHeight]);
    assert.deepEqual(picture.size, stage);
    const png = await saved(page, 'Stage as PNG');
    const dots = await pixels(page, pngAddress(png.bytes));
    assert.deepEqual([dots.width, dots.height], stage.map((length) => 2 * length));
    await assertAccessible(page, `${size}, with a remark`);
    await part(page).scrollIntoViewIfNeeded();
    await screenshot(page, `export-${size}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}
