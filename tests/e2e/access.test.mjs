// Everybody can use the page: what a machine can check of it, at every size and in both themes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  caption,
  events,
  frame,
  launch,
  lists,
  live,
  now,
  open,
  openTab,
  pause,
  play,
  SIZES,
  smallTargets,
  speed,
  stepUntil,
  strike,
  tab,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const THEMES = { light: {}, dark: { 'faultline.dark': '1' } };

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const [theme, stored] of Object.entries(THEMES)) {
    test(`home at ${size} size, ${theme}: no problem that axe finds`, async () => {
      const { page, close } = await open(browser, { viewport, stored, paused: true });
      assert.equal(await page.locator('html').getAttribute('data-theme'), theme);
      await assertAccessible(page, 'as it opens');
      await button(page, 'Split 2|3')
        .or(page.locator('.verb', { hasText: 'Split' }))
        .first()
        .click();
      await strike(page, 5).click();
      await stepUntil(page, 'messages in flight', (seen) => seen.messages.length > 1);
      await assertAccessible(page, 'split and crashed');
      for (const name of ['Inspect', 'Log', 'Measures', 'Settings']) {
        await openTab(page, name);
        await assertAccessible(page, `tab ${name}`);
        assert.deepEqual(await smallTargets(page), [], `tab ${name}`);
      }
      await button(page, 'Library').click();
      await page.getByRole('dialog', { name: 'Library' }).waitFor();
      await assertAccessible(page, 'library');
      await page.keyboard.press('Escape');
      await button(page, 'Help').click();
      await page.getByRole('dialog', { name: 'Help' }).waitFor();
      await assertAccessible(page, 'help');
      await close();
    });
  }
}

test('every entry of the library, in both themes: no problem that axe finds', async () => {
  const { page, close } = await open(browser, { paused: true });
  const catalogue = await page.evaluate(() => window.wasmBindings.Simulation.list());
  for (const protocol of catalogue) {
    for (const { id } of protocol.scenarios) {
      const name = `${protocol.id}/${id}`;
      await page.evaluate((name) => (location.hash = `#${name}`), name);
      await until(`${name} is open`, async () =>
        (await page.title()).startsWith(
          protocol.scenarios.find((scenario) => scenario.id === id).title,
        ),
      );
      await stepUntil(page, 'twelve events', (seen) => seen.events >= 12 || seen.halted, 14).catch(
        () => {},
      );
      for (const theme of ['Dark theme', 'Light theme']) {
        await button(page, theme).click();
        await assertAccessible(page, `${name}, ${theme}`);
      }
    }
  }
  await close();
});

test('a node, a link and a message in the inspector: no problem that axe finds', async () => {
  const { page, close } = await open(browser, { paused: true, fragment: '#cluster/hello' });
  await openTab(page, 'Inspect');
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await page.getByText('More faults of this node').click();
  await assertAccessible(page, 'a node');
  // Beside its scissors, a click on the line picks the link.
  const { x, y } = await page
    .locator('.link .grip')
    .first()
    .evaluate((line) => {
      const { x, y } = line.getPointAtLength(line.getTotalLength() / 4);
      const area = line.ownerSVGElement.getBoundingClientRect();
      return { x: area.x + x, y: area.y + y };
    });
  await page.mouse.click(x, y);
  await page.getByRole('heading', { name: /^Link between/ }).waitFor();
  await assertAccessible(page, 'a link');
  await stepUntil(page, 'messages in flight', (seen) => seen.messages.length > 1);
  await lists(page)
    .getByRole('button', { name: / from \d to \d/ })
    .first()
    .press('Enter');
  await page.getByRole('heading', { name: /^Message from/ }).waitFor();
  await assertAccessible(page, 'a message');
  assert.deepEqual(await smallTargets(page), []);
  await close();
});

test('nothing scrolls sideways, down to 320 px', async () => {
  for (const width of [1280, 1024, 768, 640, 390, 320]) {
    const { page, close } = await open(browser, { viewport: { width, height: 720 }, paused: true });
    await assertFits(page, `home, ${width} px`);
    await strike(page, 5).click();
    for (const name of ['Inspect', 'Log', 'Measures', 'Settings']) {
      await openTab(page, name);
      await assertFits(page, `${name}, ${width} px`);
    }
    await page.getByRole('button', { name: 'More faults' }).click();
    await assertFits(page, `more faults, ${width} px`);
    await button(page, 'Library').click();
    await assertFits(page, `library, ${width} px`);
    await close();
  }
});

test('all targets are at least 24 px, and 44 px where fingers press', async () => {
  for (const viewport of Object.values(SIZES)) {
    const { page, close } = await open(browser, { viewport, paused: true });
    assert.deepEqual(await smallTargets(page), [], `${viewport.width} px`);
    await page.getByRole('button', { name: 'More faults' }).click();
    assert.deepEqual(await smallTargets(page), [], `more faults, ${viewport.width} px`);
    await close();
  }
  const { page, close } = await open(browser, {
    viewport: SIZES.phone,
    hasTouch: true,
    isMobile: true,
    paused: true,
  });
  const small = (await smallTargets(page, 44)).filter((line) => !/^(Cut|Join) link/.test(line));
  assert.deepEqual(small, [], 'with a finger');
  await strike(page, 5).tap();
  assert.ok((await frame(page)).nodes[4].life.down);
  await close();
});

test('reduced motion: the page starts paused, and nothing is animated', async () => {
  const { page, complaints, close } = await open(browser, { reducedMotion: 'reduce' });
  await button(page, 'Play').waitFor();
  assert.match(await caption(page).innerText(), /Press Step/);
  const still = () => page.evaluate(() => document.getAnimations().length);
  assert.equal(await still(), 0);
  const began = await now(page);
  await button(page, 'Step forward').click();
  assert.ok((await now(page)) > began);
  await strike(page, 5).click();
  assert.equal(await still(), 0);
  await stepUntil(page, 'an election', (seen) =>
    seen.messages.some(({ shape }) => shape === 'election'),
  );
  assert.equal(await still(), 0);
  // Messages jump: between two events none has another place.
  const places = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('[data-message]:not([visibility="hidden"])')].map((glyph) =>
        [glyph.dataset.message, glyph.getAttribute('transform')].join(' '),
      ),
    );
  const before = new Map((await places()).map((line) => line.split(/ (.*)/)));
  await button(page, 'Step forward').click();
  for (const line of await places()) {
    const [message, place] = line.split(/ (.*)/);
    if (before.has(message)) assert.equal(place, before.get(message), message);
  }
  await play(page);
  await playing(page);
  assert.equal(await still(), 0);
  assert.deepEqual(complaints, []);
  await close();

  async function playing(page) {
    const at = await now(page);
    await until('time passes', async () => (await now(page)) > at + 300_000);
  }
});

test('pausing stops the hint, too', async () => {
  const { page, close } = await open(browser);
  await pause(page);
  const running = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((a) => a.playState === 'running')
      .map((a) => a.animationName ?? a.transitionProperty),
  );
  assert.deepEqual(running, []);
  await close();
});

test('a screen reader is not flooded, and misses no leader', async () => {
  const { page, close } = await open(browser);
  await page.evaluate(() => {
    window.said = [];
    const region = document.querySelector('[data-live-region]');
    new MutationObserver(() =>
      window.said.push({ at: performance.now(), text: region.textContent.trim() }),
    ).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await speed(page, 2);
  await strike(page, 5).click();
  await until('a new leader is told', () =>
    page.evaluate(() =>
      window.said.some(({ text }) => /Node 4 believes that it leads\./.test(text)),
    ),
  );
  await strike(page, 5).click();
  await until('the old one is told', () =>
    page.evaluate(() =>
      window.said.some(({ text }) => /Node 5 believes that it leads\./.test(text)),
    ),
  );
  const said = await page.evaluate(() => window.said);
  assert.match(said[0].text, /^Node 5 was crashed\./);
  // What the person does is said at once; all else waits for its turn.
  const asked = /was crashed|was started again/;
  const byItself = said.filter(({ text }) => !asked.test(text));
  byItself.slice(1).forEach(({ at, text }, i) => {
    const after = at - byItself[i].at;
    assert.ok(after > 1_000, `"${text}" came ${Math.round(after)} ms after "${byItself[i].text}"`);
  });
  await close();
});

test('nothing is lost with wider text spacing', async () => {
  const { page, close } = await open(browser, { paused: true });
  await page.addStyleTag({
    content:
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }',
  });
  const clipped = await page.evaluate(() =>
    [...document.querySelectorAll('.palette button, .transport button, .caption p, .now span')]
      .filter((element) => element.checkVisibility() && element.clientWidth > 1)
      .filter(
        (element) =>
          element.scrollWidth > element.clientWidth + 1 &&
          getComputedStyle(element).overflow !== 'visible',
      )
      .map((element) => element.textContent),
  );
  assert.deepEqual(clipped, []);
  await assertFits(page, 'with wider text');
  await close();
});
