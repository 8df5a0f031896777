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

// What hands do in the first seconds, before the second part has come on a slow line.
async function play(page, bolt) {
  await page.mouse.move(100, 300);
  await page.mouse.move(400, 320, { steps: 8 });
  await bolt.click();
  await moment(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  // Pause, and play on.
  await page.keyboard.press('k');
  await page.keyboard.press('k');
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
    const bolt = page.locator('.strike.hinted');
    if (hurried) await bolt.dispatchEvent('click');
    await moment(page);
    if (!hurried) await play(page, bolt);
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
