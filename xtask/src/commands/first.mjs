// Records which functions of the page run until its first click has worked, and for a moment
// afterwards. Each line of the input is a question as JSON, each line of the output has the numbers of
// the functions.

import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const { env } = process;
const require = createRequire(path.join(env.FAULTLINE_END_TO_END, 'package.json'));
const { chromium } = require('playwright-core');

// Frames after a click: enough for a new leader.
const MOMENT = 400;

const browser = await chromium.launch({
  executablePath: env.FAULTLINE_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
});
console.log(`Chromium ${browser.version()}`);

function moment(page) {
  return page.evaluate(async (frames) => {
    for (let i = 0; i < frames; i += 1) await new Promise(requestAnimationFrame);
  }, MOMENT);
}

// The recorded page has one part, but must believe that the second is still loading.
function alone() {
  let rest;
  Object.defineProperty(window, 'faultlineRest', {
    get: () => rest,
    set: (value) => { rest = { ...value, here: false, whenHere() {} }; },
  });
}

// The earliest possible click: some functions run only before the first picture is done.
function strikeAtOnce() {
  const bolt = document.querySelector('.strike.hinted');
  if (bolt) bolt.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }));
  else setTimeout(strikeAtOnce, 1);
}

// Typical actions of the first seconds, before the second part has loaded on a slow connection: crash
// and restart nodes, cut a link and join it, click on empty space and on the poster's bars.
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
  for (const node of [0, 1]) await press(page.locator('.strike').nth(node));
  await moment(page);
  for (const part of ['.stage-area', '.top', '.transport-bar']) {
    const { x, y } = await page.locator(part).boundingBox();
    await page.mouse.click(x + 4, y + 4);
  }
  await moment(page);
}

// The browser compiles a function at its first call, and reports it.
async function called({ url, width, height, hurried, throttle }) {
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
    await page.addInitScript(alone);
    if (hurried) await page.addInitScript(`${strikeAtOnce}; strikeAtOnce();`);
    const device = await page.context().newCDPSession(page);
    await device.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    await page.goto(url);
    await page.locator(hurried ? '.scene .node.down' : '.strike.hinted').first().waitFor({ state: 'attached' });
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
// An open input would keep the program running.
process.exit(0);
