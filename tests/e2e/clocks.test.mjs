// Clocks beside the true time: a slow way back, a clock that is set back, commit wait, and faults of clocks by hand.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, assertFits, button, frame, goToInstant, launch, open, screenshot, SIZES, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const probe = ({ probes }, name) => probes.find((one) => one.name === name).value;
const verdict = ({ verdicts }, name) => verdicts.find((one) => one.name === name).light;
const rows = (page) => page.locator('.clocks .clock-row');
const row = (page, id) => page.locator(`.clocks .clock-row[data-clock="${id}"]`);

test('over a path that is slow one way, the clock is off by half the difference, and says it may be', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const asked = await goToInstant(page, 'clock-sync/slow-answer', 90_000);
  assert.equal(asked.nodes[1].figures.some((one) => 'clock' in one), true);
  const seen = await goToInstant(page, 'clock-sync/slow-answer', 250_000);
  assert.ok(Math.abs(probe(seen, 'error') - 30) < 0.01, `${probe(seen, 'error')} ms`);
  assert.equal(await rows(page).count(), 2);
  await until('the table says so', async () => /30 ms/.test(await row(page, 2).locator('.clock-off').innerHTML()));
  assert.equal(await page.locator('.clock-row.wrong').count(), 0, 'the truth is within what it states');
  const words = page.locator('.mirror li', { hasText: /^Node 2: its clock is 30 ms (ahead of|behind) the true time/ });
  assert.equal(await words.count(), 1);
  await screenshot(page, 'clocks-slow-answer');
  // Without halving the wait, it is wrong and does not know.
  await goToInstant(page, 'clock-sync/as-it-is', 150_000);
  await until('the truth is outside of what it states', async () => (await page.locator('.clock-row.wrong').count()) === 1);
  assert.deepEqual(complaints, []);
  await close();
});

test('clocks that drift are in the table at all sizes, and their bars grow', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const width = () => row(page, 2).locator('.doubt').evaluate((bar) => Number(bar.getAttribute('width')));
  await goToInstant(page, 'clock-sync/drift', 2_200_000);
  const before = await width();
  await goToInstant(page, 'clock-sync/drift', 2_800_000);
  assert.ok((await width()) > before, `${before} and ${await width()}`);
  for (const [name, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await assertFits(page, name);
    await screenshot(page, `clocks-drift-${name}`);
  }
  await assertAccessible(page);
  assert.deepEqual(complaints, []);
  await close();
});

test('without commit wait the order breaks, with it the wait is twice the uncertainty', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const at = 20_000_000;
  const waits = await goToInstant(page, 'truetime/commit-wait', at);
  assert.equal(probe(waits, 'violations'), 0);
  assert.equal(verdict(waits, 'external-consistency'), 'holds');
  assert.ok(probe(waits, 'wait') >= 2 * 7 - 0.5, `${probe(waits, 'wait')} ms`);
  await screenshot(page, 'truetime-waits');
  const hurries = await goToInstant(page, 'truetime/no-wait', at);
  assert.ok(probe(hurries, 'violations') > 0);
  assert.ok('broken' in verdict(hurries, 'external-consistency'));
  await screenshot(page, 'truetime-hurries');
  assert.deepEqual(complaints, []);
  await close();
});

test('a server loses its time signal from the palette, and grows unsure', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  await goToInstant(page, 'truetime/saw-tooth', 4_000_000);
  const doubt = async () => {
    const words = await row(page, 3).locator('title').innerHTML();
    return Number.parseFloat(/takes the error to be ([\d.]+) ms/.exec(words)[1]);
  };
  const before = await doubt();
  await button(page, 'More faults').click();
  await page.getByRole('combobox', { name: 'Whose clock' }).selectOption('3');
  await button(page, 'GPS lost').click();
  await page.evaluate((seconds) => window.__seek.run(seconds), 60);
  await until('its bar has grown', async () => (await doubt()) > before);
  assert.deepEqual(complaints, []);
  await close();
});

test('a clock is set wrong, made fast and set right from the palette', async () => {
  const { page, complaints, close } = await open(browser, { paused: true });
  const first = async () => (await frame(page)).nodes[0];
  await button(page, 'More faults').click();
  await page.getByRole('combobox', { name: 'Whose clock' }).selectOption('1');
  await button(page, '100 ms ahead').click();
  await until('it is ahead', async () => (await first()).clock_error_us === 100_000);
  await button(page, '100 ms behind').click();
  await until('it is behind', async () => (await first()).clock_error_us === -100_000);
  await button(page, '2 % too fast').click();
  await until('it is fast', async () => (await first()).drift_ppm === 20_000);
  await button(page, 'Set right').click();
  await until('it is right', async () => (await first()).clock_error_us === 0);
  assert.deepEqual(complaints, []);
  await close();
});
