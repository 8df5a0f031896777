// Accessibility: sizes of targets, motion, announcements, contrast and room.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertFits,
  BULLY,
  button,
  caption,
  events,
  frame,
  launch,
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
  THEMES,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('nothing scrolls sideways, down to 320 px', async () => {
  for (const width of [1280, 1024, 768, 640, 390, 320]) {
    const { page, close } = await open(browser, { viewport: { width, height: 720 }, paused: true });
    await assertFits(page, `home, ${width} px`);
    await strike(page, 5).click();
    for (const name of ['Inspect', 'Log', 'History', 'Measures', 'Settings']) {
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
  assert.deepEqual(await smallTargets(page, 44), [], 'with a finger');
  await strike(page, 5).tap();
  assert.ok((await frame(page)).nodes[4].life.down);
  await close();
});

test('reduced motion: the page starts paused, and nothing is animated', async () => {
  const { page, complaints, close } = await open(browser, { reducedMotion: 'reduce' });
  await button(page, 'Play').waitFor();
  assert.match(await caption(page).innerText(), /Step \(→\)/);
  const still = () => page.evaluate(() => document.getAnimations().length);
  assert.equal(await still(), 0);
  const began = await now(page);
  await button(page, 'Step forward').click();
  assert.ok((await now(page)) > began);
  await strike(page, 3).click();
  assert.equal(await still(), 0);
  await stepUntil(page, 'an election', (seen) =>
    seen.messages.some(({ shape }) => shape === 'election'),
  );
  assert.equal(await still(), 0);
  // Messages jump: between two events they do not move.
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
    await until('time passes', async () => (await now(page)) > at + 30_000);
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
  await strike(page, 3).click();
  const next = await told(page, /Node ([1245]) thinks it is the leader\./);
  await strike(page, next).click();
  await told(page, new RegExp(`Node ([1245])(?<!${next}) thinks it is the leader\\.`));
  const said = await page.evaluate(() => window.said);
  assert.match(said[0].text, /^Node 3 was crashed\./);
  // The person's action is announced at once; everything else waits.
  const asked = /was crashed|was restarted/;
  const byItself = said.filter(({ text }) => !asked.test(text));
  byItself.slice(1).forEach(({ at, text }, i) => {
    const after = at - byItself[i].at;
    assert.ok(after > 1_000, `"${text}" came ${Math.round(after)} ms after "${byItself[i].text}"`);
  });
  await close();

  // The node in an announcement.
  function told(page, sentence) {
    return until(`"${sentence.source}" is said`, async () => {
      const all = await page.evaluate(() => window.said.map(({ text }) => text));
      return all.map((text) => sentence.exec(text)?.[1]).find(Boolean);
    });
  }
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

test('the projector theme: large, what is done is repeated in words, remembered', async () => {
  const { page, complaints, close } = await open(browser, { paused: true, fragment: BULLY });
  const radius = () =>
    page.locator('.scene .node .shape').first().evaluate((shape) => shape.getBoundingClientRect().width);
  const [small, root] = [await radius(), page.locator('html')];
  await page.keyboard.press('p');
  assert.equal(await root.getAttribute('data-theme'), 'projector');
  assert.equal(await root.evaluate((html) => getComputedStyle(html).fontSize), '24px');
  await until('nodes are half as large again', async () => (await radius()) > small * 1.3);
  await strike(page, 5).click();
  assert.equal(await page.locator('.action').innerText(), 'Node 5 was crashed.');
  await until('its words go', async () => (await page.locator('.action').count()) === 0);
  await page.mouse.move(300, 200);
  const halo = await page.locator('.pointer-halo').boundingBox();
  assert.ok(Math.abs(halo.x + halo.width / 2 - 300) < 2 && Math.abs(halo.y + halo.height / 2 - 200) < 2);
  await assertFits(page, 'projector');
  await page.reload();
  await until('it is remembered', async () => (await root.getAttribute('data-theme')) === 'projector');
  await until('the page is there', () => page.evaluate(() => window.__faultline?.now() !== undefined));
  await page.keyboard.press('p');
  assert.equal(await root.getAttribute('data-theme'), 'light');
  await page.goto(`${page.url().split('?')[0]}?view=projector&paused=1`);
  await until('the address asks for it', async () => (await root.getAttribute('data-theme')) === 'projector');
  // Leaving a page breaks the connection to the development server.
  assert.deepEqual(complaints.filter((line) => !line.startsWith('not loaded')), []);
  await close();
});

test('forget me: nothing is left in the browser', async () => {
  const { page, close } = await open(browser, { stored: { 'faultline.letters': '0' } });
  await button(page, 'Help').click();
  await button(page, 'Forget me').click();
  await until('it is gone', () => page.evaluate(() => !('faultline.letters' in localStorage)));
  await close();
});

// The most flashes that any tenth by ninth of the picture makes in one second. A general flash is a
// pair of opposing changes of its mean lightness by a tenth of the full range.
async function flashes(page) {
  const session = await page.context().newCDPSession(page);
  const looks = [];
  session.on('Page.screencastFrame', ({ data, sessionId, metadata }) => {
    looks.push({ data, at: metadata.timestamp });
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
  });
  await session.send('Page.startScreencast', { format: 'png', maxWidth: 160, maxHeight: 90 });
  await until('a hundred looks', () => looks.length > 100 || looks.at(-1)?.at - looks[0]?.at > 12);
  await session.send('Page.stopScreencast');
  const light = await page.evaluate(async (looks) => {
    const linear = (byte) => (byte / 255) ** 2.2;
    const all = [];
    for (const { data } of looks) {
      const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const { width, height } = picture;
      const pen = new OffscreenCanvas(width, height).getContext('2d');
      pen.drawImage(picture, 0, 0);
      const { data: pixels } = pen.getImageData(0, 0, width, height);
      // Every pixel counts: a smaller picture has only some of them, and a thin shape that passes one
      // would look like a flash.
      const cells = Array.from({ length: 90 }, () => ({ sum: 0, count: 0 }));
      for (let at = 0; at < width * height; at += 1) {
        const [x, y] = [at % width, Math.floor(at / width)];
        const cell = cells[Math.floor((y * 9) / height) * 10 + Math.floor((x * 10) / width)];
        const [r, g, b] = [0, 1, 2].map((part) => linear(pixels[at * 4 + part]));
        cell.sum += 0.2126 * r + 0.7152 * g + 0.0722 * b;
        cell.count += 1;
      }
      all.push(cells.map(({ sum, count }) => sum / count));
    }
    return all;
  }, looks);
  let worst = 0;
  for (let cell = 0; cell < light[0].length; cell += 1) {
    const turns = [];
    let [extreme, rising] = [light[0][cell], 0];
    light.forEach((cells, i) => {
      const change = cells[cell] - extreme;
      if (Math.abs(change) >= 0.1 && Math.sign(change) !== rising) {
        if (rising) turns.push(looks[i].at);
        rising = Math.sign(change);
        extreme = cells[cell];
      } else if (Math.sign(change) === rising) extreme = cells[cell];
    });
    for (const at of turns) {
      worst = Math.max(worst, turns.filter((turn) => turn >= at && turn < at + 1).length / 2);
    }
  }
  return worst;
}

test('no flash: in a busy run the picture never blinks more than three times a second', async () => {
  const { page, close } = await open(browser, { fragment: '#raft' });
  await speed(page, 4);
  const worst = await flashes(page);
  assert.ok(worst <= 3, `${worst} flashes in a second`);
  // A blink of five times a second would be detected.
  await page.evaluate(() => {
    const lamp = document.createElement('div');
    lamp.style = 'position: fixed; inset: 160px auto auto 128px; width: 256px; height: 160px; z-index: 99';
    document.body.append(lamp);
    const turn = () => (lamp.style.background = lamp.style.background ? '' : 'black');
    setInterval(turn, 100);
  });
  const lamp = await flashes(page);
  assert.ok(lamp > 3, `only ${lamp} flashes of a lamp that makes five`);
  await close();
});

test('at 320 px and at twice the size every control is reached by scrolling one way', async () => {
  for (const [width, height] of [
    [640, 360],
    [320, 640],
  ]) {
    for (const theme of Object.keys(THEMES)) {
      const viewport = { width, height };
      const { page, close } = await open(browser, { viewport, stored: THEMES[theme], paused: true });
      await assertFits(page, `${theme}, ${width} px`);
      for (const name of ['Play', 'Next moment', 'Step forward', 'Copy link', 'Library', 'Help']) {
        await button(page, name).evaluate((found) => found.scrollIntoView({ block: 'center' }));
        const box = await button(page, name).boundingBox();
        assert.ok(box && box.y >= 0 && box.y + box.height <= height + 1, `${name}, ${theme}, ${width} px: ${JSON.stringify(box)}`);
      }
      await close();
    }
  }
});
