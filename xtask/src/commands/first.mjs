// Tells which functions of the page run until its first click has worked and for a moment afterwards:
// each line of the input is a question as JSON, each line of the output the functions' numbers.

import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const { env } = process;
const require = createRequire(path.join(env.FAULTLINE_END_TO_END, 'package.json'));
const { chromium } = require('playwright-core');

// Simulated time that passes after the click, in microseconds; the home scenario plays slowly.
const MOMENT = 60_000;

const browser = await chromium.launch({
  executablePath: env.FAULTLINE_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
});
console.log(`Chromium ${browser.version()}`);

async function moment(page) {
  await page.waitForFunction(() => window.__faultline);
  const until = MOMENT + (await page.evaluate(() => window.__faultline.now()));
  await page.waitForFunction((until) => window.__faultline.now() > until, until);
}

// What hands do in the first seconds, before the second part has come on a slow line: crash and recover
// nodes, cut a link and mend it, pause, step and play on.
async function play(page, hurried) {
  const press = (place) => place.dispatchEvent('click');
  if (hurried) {
    for (const node of [0, 1]) await press(page.locator('.strike').nth(node));
    for (const node of [0, 1]) await press(page.locator('.strike').nth(node));
    return moment(page);
  }
  await page.mouse.move(100, 300);
  await page.mouse.move(400, 320, { steps: 8 });
  await page.locator('.strike.hinted').click();
  await moment(page);
  await press(page.locator('.scissors').first());
  await moment(page);
  await press(page.locator('.scissors').first());
  for (const key of ['Tab', 'Tab', '.', 'ArrowRight', 'ArrowLeft', '.']) await page.keyboard.press(key);
  for (const node of [0, 1]) await press(page.locator('.strike').nth(node));
  await moment(page);
}

// The browser compiles a function when it is first called, and tells so.
async function called({ url, width, height, hurried }) {
  const session = await browser.newBrowserCDPSession();
  const numbers = new Set();
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) {
      if (event.name === 'wasm.CompileLazy') numbers.add(event.args.func_index);
    }
  });
  const profile = await browser.newContext({ viewport: { width, height } });
  try {
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['v8.wasm'] },
    });
    const page = await profile.newPage();
    await page.goto(url);
    if (hurried) await page.locator('.strike.hinted').dispatchEvent('click');
    await moment(page);
    await play(page, hurried);
    const complete = new Promise((resolve) => session.on('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
  } finally {
    await profile.close();
  }
  return [...numbers].join(' ');
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  console.log(await called(JSON.parse(line)));
}
await browser.close();
// An open input would keep the program alive.
process.exit(0);
