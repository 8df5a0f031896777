// Opens a browser with the bench loaded and answers questions: each line of the input is "engine
// workload deliveries", each line of the output "milliseconds events".

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const { env } = process;
const require = createRequire(path.join(env.FAULTLINE_END_TO_END, 'package.json'));
const { chromium } = require('playwright-core');

const browser = await chromium.launch({
  executablePath: env.FAULTLINE_CHROMIUM,
  // Containers run as root and have neither a GPU nor a large /dev/shm.
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
});
const page = await browser.newPage();
await page.evaluate(async (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, {});
  window.bench = instance.exports.bench;
}, await readFile(env.FAULTLINE_MODULE, 'base64'));
console.log(`Chromium ${browser.version()}`);

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  const question = line.split(' ').map(Number);
  const answer = await page.evaluate(([engine, workload, deliveries]) => {
    const start = performance.now();
    const events = window.bench(engine, workload, deliveries);
    return `${performance.now() - start} ${events}`;
  }, question);
  console.log(answer);
}
await browser.close();
