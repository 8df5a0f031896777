// Opens the page as a person would and keeps what the browser complains about.

import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const url = setting('FAULTLINE_URL');
const screenshots = setting('FAULTLINE_SCREENSHOTS');

// Sizes that the page must be usable at.
export const SIZES = {
  desktop: { width: 1280, height: 800 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 844 },
};

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask e2e\``);
  return value;
}

// Starts one browser; a test file shares it between its tests.
export function launch() {
  return chromium.launch({
    executablePath: setting('FAULTLINE_CHROMIUM'),
    // Containers run as root and have neither a GPU nor a large /dev/shm.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'],
  });
}

// Opens the page in a fresh profile. `fragment` is what stands behind the address; `context` are
// Playwright's own options (viewport, reducedMotion, colorScheme, ...).
export async function open(browser, { fragment = '', ...context } = {}) {
  const profile = await browser.newContext({ viewport: SIZES.desktop, ...context });
  const page = await profile.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error}`));
  page.on('requestfailed', (request) => {
    complaints.push(`not loaded: ${request.url()} (${request.failure()?.errorText})`);
  });
  await page.goto(url + fragment);
  await page.waitForFunction(() => window.wasmBindings !== undefined);
  return { page, complaints, close: () => profile.close() };
}

// What axe finds wrong with the page, as readable lines; none is right.
export async function accessibilityProblems(page) {
  await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, help, nodes }) => {
    return `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`;
  });
}

// Takes a picture for the README and for people who look for what went wrong.
export async function screenshot(page, name) {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
}
