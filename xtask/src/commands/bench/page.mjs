// Measures the page in a browser. Each line of the input is a question as JSON, each line of the output
// is its answer.

import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const { env } = process;
const require = createRequire(path.join(env.FAULTLINE_END_TO_END, 'package.json'));
const { chromium } = require('playwright-core');

const VIEWPORT = { width: 1280, height: 720 };
const PATIENCE = 40_000;
// A new window's own pages (its address bar and more) load for a second or two, on all cores. People
// open our page in a browser that is already running.
const BROWSER_SETTLES = 2_500;

const browser = await chromium.launch({
  executablePath: env.FAULTLINE_CHROMIUM,
  // Containers run as root and have neither a GPU nor a large /dev/shm.
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
});
console.log(`Chromium ${browser.version()}`);

// A page in its own profile, without cache and storage.
async function fresh(act) {
  const profile = await browser.newContext({ viewport: VIEWPORT });
  profile.setDefaultTimeout(PATIENCE);
  try {
    return await act(await profile.newPage());
  } finally {
    await profile.close();
  }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

// Clicks the hinted ⚡ as soon as it is there, and waits until a node is down.
function strikeUntilItWorks() {
  const strike = async () => {
    const bolt = document.querySelector('.strike.hinted');
    // Only once: a second click would be another action.
    if (bolt && !window.__firstTry) {
      window.__firstTry = performance.now();
      bolt.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }));
      for (let i = 0; i < 8; i += 1) await null;
    }
    if (window.__firstTry && document.querySelector('.scene .node.down')) {
      window.__struck = performance.now();
      return;
    }
    setTimeout(strike, 1);
  };
  strike();
}

// The intervals between frames.
function watchFrames() {
  window.__frames = [];
  let last = null;
  const tick = (now) => {
    if (last !== null) window.__frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}

// Counts the states of a specification in a worker that has started, and tells how long it takes. The
// first time, the worker compiles.
async function count(managers) {
  const worker = new Worker('./worker.js', { type: 'module' });
  const heard = () => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data.failed) reject(new Error(data.failed));
      else if (data.ready || data.done) resolve();
    };
  });
  const asked = (message) => {
    const answer = heard();
    worker.postMessage(message);
    return answer;
  };
  await asked(window.faultlineRest.parts());
  const times = [];
  for (let i = 0; i < 4; i += 1) {
    const began = performance.now();
    await asked({ request: JSON.stringify({ Specification: managers }) });
    times.push(performance.now() - began);
  }
  worker.terminate();
  return Math.min(...times);
}

const measures = {
  // The time from the start of the navigation to the first click that works.
  click: ({ url, throttle }) => fresh(async (page) => {
    await page.addInitScript(strikeUntilItWorks);
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await new Promise((resolve) => setTimeout(resolve, BROWSER_SETTLES));
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.__struck);
    return page.evaluate(() => ({
      ms: window.__struck,
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
      loaded: Math.max(...performance.getEntriesByType('resource').map((entry) => entry.responseEnd)),
    }));
  }),

  // The cost of a frame under a load of nodes and messages: `window.__result` of the page.
  stage: ({ url }) => fresh(async (page) => {
    await page.goto(url);
    await page.waitForFunction(() => window.__result);
    return page.evaluate(() => window.__result);
  }),

  // A search for a failure while a run plays: how fast it is, and the page's frames meanwhile.
  search: ({ url, managers, seconds }) => fresh(async (page) => {
    await page.goto(url);
    await page.waitForFunction(() => window.__faultline && window.faultlineRest.here);
    await page.evaluate(watchFrames);
    const frames = () => page.evaluate(() => window.__frames.splice(0));
    const some = async () => {
      await frames();
      await page.waitForTimeout(seconds * 1_000);
      return quantile(await frames(), 0.95);
    };
    const idle = await some();
    await page.keyboard.press('h');
    const sheet = page.locator('.hunt');
    await sheet.getByRole('radio', { name: '1,000' }).check();
    await sheet.getByRole('checkbox').check();
    await frames();
    await sheet.getByRole('button', { name: 'Search', exact: true }).click();
    const said = sheet.locator('.hunt-progress');
    const rate = async (of) => {
      const text = await said.filter({ hasText: of }).innerText();
      return Number(/([\d,]+) a second/.exec(text)?.[1].replaceAll(',', ''));
    };
    let runs = NaN;
    while (!/states/.test(await said.innerText())) runs = (await rate('runs').catch(() => NaN)) || runs;
    const during = quantile(await frames(), 0.95);
    const orders = await some();
    const states = await rate('states');
    await sheet.getByRole('button', { name: 'Stop', exact: true }).click();
    const counted = await page.evaluate(count, managers);
    return {
      runs, states, idle_frame_p95: idle, runs_frame_p95: during, states_frame_p95: orders, managers_ms: counted,
    };
  }),

  // Seeks to random instants of a long run, state and picture.
  seek: ({ url, events, count }) => fresh(async (page) => {
    await page.goto(url);
    await page.waitForFunction(() => window.__seek && window.__faultline);
    const done = await page.evaluate(async ({ events, count }) => {
      // Long runs are made in pieces, because a browser may treat a busy page as hung.
      for (let i = 0; i < 10_000 && window.__faultline.events() < events; i += 1) {
        await window.__seek.run(10);
      }
      const times = [];
      let seed = 1;
      for (let i = -50; i < count; i += 1) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        const ms = await window.__seek.seek(seed / 2 ** 32);
        if (i >= 0) times.push(ms);
      }
      return times;
    }, { events, count });
    return { p50: quantile(done, 0.5), p95: quantile(done, 0.95) };
  }),
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  const question = JSON.parse(line);
  try {
    console.log(JSON.stringify(await measures[question.measure](question)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message ?? error).split('\n')[0] }));
  }
}
await browser.close();
// An open input would keep the program running.
process.exit(0);
