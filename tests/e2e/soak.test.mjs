// A long lesson at 16x with a fault or repair every two seconds. The page gets the frames of ten
// minutes at 60 Hz, with a screen's timestamps, as fast as it can take them. Afterwards its heap is as
// large as after two minutes, and any earlier instant is still reachable.
//
// Ten minutes of frames take a while; FAULTLINE_SOAK=10 requests them. Without it, one minute is
// played, with another check after a fifth of it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { button, frame, launch, now, open, speed, stateHash, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const HERTZ = 60;
const MINUTES = Number(process.env.FAULTLINE_SOAK ?? 1);
const MINUTE = 60 * HERTZ;
// The kernel keeps records up to this much (64 MB) and replays earlier ones; with everything else.
const PROGRAM = 96e6;
// Frames between two commands.
const STRIDE = 2 * HERTZ;

// Animation frames come from the test instead of the screen; and the program's memory is visible.
function takeTheClock() {
  const wanted = new Map();
  let id = 0;
  window.requestAnimationFrame = (callback) => {
    id += 1;
    wanted.set(id, callback);
    return id;
  };
  window.cancelAnimationFrame = (id) => wanted.delete(id);
  addEventListener('TrunkApplicationStarted', ({ detail }) => (window.program = detail.wasm));
  const { port1, port2 } = new MessageChannel();
  // What the page does after a frame is done before the next one.
  const settled = () =>
    new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  let at = 0;
  window.frames60 = async (count) => {
    for (let i = 0; i < count; i += 1) {
      at += 1_000 / 60;
      const callbacks = [...wanted.values()];
      wanted.clear();
      for (const callback of callbacks) callback(at);
      await settled();
    }
  };
  // Presses a random control that breaks or repairs something.
  let dice = 7;
  const random = (below) => {
    dice = (Math.imul(dice, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((dice / 2 ** 32) * below);
  };
  window.meddle = () => {
    const pressable = (selector) =>
      [...document.querySelectorAll(selector)].filter((one) => !one.disabled);
    const down = pressable('.node.down .strike');
    // A majority is left most of the time, or little would happen.
    const all =
      down.length > 1
        ? down
        : [
            ...pressable('.strike'),
            ...pressable('.scissors'),
            ...pressable('.palette .verb').filter((verb) =>
              /leader|Split|Heal|network|speed|Lose|Align|Spread/.test(verb.ariaLabel),
            ),
          ];
    const one = all[random(all.length)];
    one.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    return one.ariaLabel;
  };
}

async function memory(page, session) {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  const wasm = await page.evaluate(() => window.program.memory.buffer.byteLength);
  return { heap: of('JSHeapUsedSize'), wasm, elements: of('Nodes') };
}

test(`${MINUTES} min at 16x with random faults: the heap stays, and second 5 is still there`, async (t) => {
  const { page, complaints, close } = await open(browser, { init: takeTheClock, fragment: '#raft' });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await speed(page, 4);
  const done = new Map();
  const play = async (frames) => {
    for (let i = 0; i < frames; i += STRIDE) {
      const what = await page.evaluate(async (stride) => {
        await window.frames60(stride);
        return window.meddle();
      }, STRIDE);
      done.set(what, (done.get(what) ?? 0) + 1);
    }
  };
  await play((MINUTES / 5) * MINUTE);
  const early = await memory(page, session);
  await play(MINUTES * 0.8 * MINUTE);
  const late = await memory(page, session);
  const { time, events } = await frame(page);
  const millions = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  const told = ({ heap, wasm, elements }) =>
    `script ${millions(heap)}, program ${millions(wasm)}, ${elements} elements`;
  t.diagnostic(`${(time / 1e6).toFixed(0)} s of the run, ${events} events, ${done.size} verbs`);
  t.diagnostic(`after a fifth: ${told(early)}; at the end: ${told(late)}`);
  // Home's pace is 1/25, so a minute at 16x is 38 s.
  assert.ok(time > MINUTES * 35e6, `time went by: ${time}`);
  assert.ok(done.size > 12, [...done.keys()].join());
  assert.ok(Math.abs(late.heap - early.heap) < early.heap * 0.1, `${told(early)}; ${told(late)}`);

  assert.ok(late.wasm < PROGRAM, told(late));

  // Scrubs there, and then to the exact second.
  await button(page, 'Pause').click();
  const lane = await page.locator('.timeline').boundingBox();
  const span = Number(await page.getByRole('slider', { name: 'Timeline' }).getAttribute('aria-valuemax'));
  const y = lane.y + lane.height / 2;
  await page.mouse.move(lane.x + lane.width * 0.9, y);
  await page.mouse.down();
  for (const part of [0.5, 0.1, 5e6 / span]) await page.mouse.move(lane.x + lane.width * part, y);
  await page.mouse.up();
  await page.getByText('Past', { exact: true }).waitFor();
  assert.ok((await now(page)) < 20e6, `near second 5: ${await now(page)}`);
  await button(page, 'Go to, stop at').click();
  const field = page.getByLabel('Go to a time or an event');
  await field.fill('5');
  await field.press('Enter');
  assert.equal(await now(page), 5e6);
  // The state equals that of the same recipe from its start.
  const expected = await page.evaluate(() => {
    const saved = Object.values(sessionStorage).find((text) => text.includes('"recipe"'));
    const { recipe } = JSON.parse(saved);
    const run = new window.wasmBindings.Simulation(recipe.scenario, recipe);
    run.runUntil(5e6);
    return run.stateHash();
  });
  assert.equal(await stateHash(page), expected);
  await page.keyboard.press('Escape');
  await button(page, 'Back to live').click();
  await until('live again', async () => (await now(page)) === time);
  assert.deepEqual(complaints, []);
  await close();
});
