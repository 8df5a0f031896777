// Opens the page as a person would, acts on it by role and name, and records the browser's complaints.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateRawSync } from 'node:zlib';

import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const url = setting('FAULTLINE_URL');
const screenshots = setting('FAULTLINE_SCREENSHOTS');

// Window sizes at which the page must be usable.
/** What the browser keeps for each theme. */
export const THEMES = {
  light: {},
  dark: { 'faultline.theme': 'dark' },
  projector: { 'faultline.theme': 'projector' },
};

export const SIZES = {
  desktop: { width: 1280, height: 720 },
  tablet: { width: 768, height: 1024 },
  phone: { width: 390, height: 844 },
};

// The bully election, for tests that need to know the next leader: the highest live node.
export const BULLY = '#bully/kill-the-leader';

// Longer than anything takes on a busy machine: tests wait for conditions, never for time.
const PATIENCE = 40_000;

// `cargo xtask test --long` requests the tests that repeat a story in more forms.
export const LONG = process.env.FAULTLINE_LONG !== undefined;

// The success criteria that the page promises to meet.
const CRITERIA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`cargo xtask e2e\``);
  return value;
}

// Features of Chromium that cost time and that no test needs. Each new window would load two pages for
// its address bar, which costs more processor time than our page. Playwright turns off the others; our
// list replaces Playwright's.
const UNWANTED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'MediaRouter',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

// Starts one browser; a test file shares it between its tests.
export function launch() {
  return chromium.launch({
    executablePath: setting('FAULTLINE_CHROMIUM'),
    // Containers run as root and have neither a GPU nor a large /dev/shm.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-quic',
      `--disable-features=${UNWANTED.join(',')}`,
    ],
  });
}

// Time that runs at a constant speed and never stops by itself: what most stories wait for is then a
// matter of simulated time alone.
const STEADY = { 'faultline.realtime': '1', 'faultline.pauses': '0' };

// Opens the page in a fresh profile. `fragment` is the part after `#`; `paused` opens the page paused;
// `stored` is browser storage from an earlier visit; `paced` leaves time the gait that a person meets;
// `init` runs before the page's own scripts; the rest are Playwright's own options (viewport,
// reducedMotion, colorScheme, ...).
export async function open(browser, options = {}) {
  const { fragment = '', query = '', paused = false, paced = false, init, ...context } = options;
  const { stored: kept = {}, ...rest } = context;
  const stored = { ...(paced ? {} : STEADY), ...kept };
  const profile = await browser.newContext({ viewport: SIZES.desktop, ...rest });
  profile.setDefaultTimeout(PATIENCE);
  const page = await profile.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.stack ?? error}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // A page that is left gives up what it was fetching.
    if (why !== 'net::ERR_ABORTED') complaints.push(`not loaded: ${request.url()} (${why})`);
  });
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript((stored) => {
    // An empty page has no storage.
    if (location.protocol === 'about:') return;
    for (const [key, value] of Object.entries(stored)) {
      // Only once: the page may change it and reload.
      if (!sessionStorage.getItem(`stored.${key}`)) localStorage.setItem(key, value);
      sessionStorage.setItem(`stored.${key}`, '1');
    }
  }, stored);
  if (init) await page.addInitScript(init);
  await page.goto(address({ fragment, query, paused }));
  await ready(page);
  return { page, complaints, requests, close: () => profile.close() };
}

// The page's address with query and fragment.
export function address({ fragment = '', query = '', paused = false } = {}) {
  const asked = [paused && 'paused=1', query].filter(Boolean).join('&');
  return url + (asked && `?${asked}`) + fragment;
}

// The program has replaced the poster, and both of its parts have loaded.
export function ready(page) {
  const whole = () => window.__faultline?.now() !== undefined && window.faultlineRest.here;
  return page.waitForFunction(whole, null, { polling: 50 });
}

// Waits until `look` returns something; the error names what was missing.
export async function until(what, look, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`this never happened: ${what}`);
    await sleep(40);
  }
}

// ---- the run, through the page's read-only hooks ----

// A busy page handles input a moment later, so this waits until it is idle. A playing page may never be
// idle; then its state is whatever it is.
const look = (page, hook) =>
  page.evaluate(async (hook) => {
    await new Promise((rest) => requestIdleCallback(rest, { timeout: 100 }));
    return window.__faultline[hook]();
  }, hook);

export const traceHash = (page) => look(page, 'traceHash');
export const stateHash = (page) => look(page, 'stateHash');
export const now = (page) => look(page, 'now');
export const events = (page) => look(page, 'events');
export const frame = async (page) => JSON.parse(await look(page, 'frameJson'));

// Waits until the run's frame is as wanted.
export const untilFrame = (page, what, wanted) =>
  until(what, async () => {
    const seen = JSON.parse(await page.evaluate(() => window.__faultline.frameJson()));
    return wanted(seen) && seen;
  });

// The live nodes that think they are the leader.
export const leaders = (frame) =>
  frame.nodes
    .filter((node) => node.life === 'up' && node.beliefs.leader === node.id)
    .map((node) => node.id);

// ---- the page, by role and name ----

export const stage = (page) => page.getByRole('group', { name: 'Stage', exact: true });
export const node = (page, id) =>
  stage(page).locator(`[data-node="${id}"]`).and(page.getByRole('button'));
export const strike = (page, id) =>
  stage(page).getByRole('button', { name: new RegExp(`^(Crash|Restart) node ${id}$`) });
export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const caption = (page) => page.locator('.caption p');
export const live = (page) => page.locator('[data-live-region]');

// Waits until a screen reader would have been told what `wanted` looks for. The page speaks with the picture after
// an act, not with the act.
export async function hear(page, wanted, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const said = await live(page).innerText();
    if (wanted.test(said)) return said;
    if (Date.now() > end) throw new Error(`${wanted} was never said; the last words were: ${said}`);
    await sleep(40);
  }
}

export const tab = (page, name) => page.getByRole('tab', { name, exact: true });
export const rows = (page) => page.getByRole('listbox', { name: /^Events/ }).getByRole('option');
export const lists = (page) => page.locator('.mirror');

// Clicks the last row of the log in whole sight whose text passes, once the log has scrolled to the present
// instant and stands still. A row that must be scrolled to moves under the pointer on a busy machine.
export async function clickRow(page, passes) {
  const seen = () =>
    page.evaluate(() => {
      const list = document.querySelector('.log-list')?.getBoundingClientRect();
      const whole = ({ top, bottom }) => top >= list.top - 1 && bottom <= list.bottom + 1;
      return [...document.querySelectorAll('.log-row')]
        .map((row) => [row.id, row.innerText, row.getBoundingClientRect(), row.className])
        .filter(([, , box]) => whole(box))
        .map(([id, text, { top }, name]) => ({ id, text, top, current: /log-row-current/.test(name) }));
    });
  let before;
  const row = await until('the log stands still at the present instant', async () => {
    const now = await seen();
    const still = JSON.stringify(now) === before;
    before = JSON.stringify(now);
    return still && now.some(({ current }) => current) && now.findLast(({ text }) => passes(text));
  });
  await page.locator(`#${row.id}`).click();
}

// The log's rows with this text. Only visible rows exist, so the kind is chosen first.
export async function logged(page, kind, pattern) {
  await openTab(page, 'Log');
  await page.getByLabel('Kind of event').selectOption(kind);
  const row = rows(page).filter({ hasText: pattern });
  await row.first().waitFor();
  return row.first().innerText();
}

// The timeline's latest mark of a class: its place and its description.
export async function markOf(page, kind) {
  const { x, y, width, height } = await page.locator(`.timeline .mark${kind}`).last().boundingBox();
  const middle = { x: x + width / 2, y: y + height / 2 };
  await page.mouse.move(middle.x, middle.y);
  const words = await page.locator('.timeline .told').innerText();
  return { ...middle, words };
}

// Opens a tab of the side panel, and the panel if necessary.
export async function openTab(page, name) {
  if (!(await tab(page, name).isVisible())) await button(page, 'Panels').click();
  await tab(page, name).click();
  await page.getByRole('tabpanel', { name }).waitFor();
}

export const play = (page) => button(page, 'Play').click();
export const pause = async (page) => {
  await button(page, 'Pause').click();
  await button(page, 'Play').waitFor();
};

// The speed, as a power of two of the scenario's pace.
export const speed = (page, power) =>
  page.getByRole('slider', { name: 'Speed' }).fill(String(power));

// Lets time run fast until the run is as wanted, then stops.
export async function playUntil(page, what, wanted, power = 4) {
  await speed(page, power);
  await play(page);
  const seen = await untilFrame(page, what, wanted);
  await pause(page);
  return seen;
}

// Steps event by event until the run is as wanted.
export async function stepUntil(page, what, wanted, most = 400) {
  for (let i = 0; i < most; i += 1) {
    const seen = await frame(page);
    if (wanted(seen)) return seen;
    await button(page, 'Step forward').click();
  }
  throw new Error(`this never happened in ${most} steps: ${what}`);
}

// Opens a run at its first instant that is as wanted, to within 10 ms, because steps cannot reach a
// point between two events (a message half way). The page's own engine finds the instant, so it is the
// same on any machine.
export async function goTo(page, what, scenario, wanted, commands = [], params = {}) {
  const found = await page.evaluate(
    ([scenario, commands, params, source]) => {
      const wanted = (0, eval)(`(${source})`);
      const run = new window.wasmBindings.Simulation(scenario, { commands, params });
      for (let cursor = 0; cursor < 60_000_000; cursor += 10_000) {
        run.runUntil(cursor);
        if (wanted(run.frame())) return { recipe: run.recipe(), cursor };
      }
      return null;
    },
    [scenario, commands, params, wanted.toString()],
  );
  if (!found) throw new Error(`this never happens in ${scenario}: ${what}`);
  await follow(page, found);
  return until(what, async () => {
    const seen = await frame(page);
    return seen.time === found.cursor && wanted(seen) && seen;
  });
}

// Opens a run at an instant, in microseconds.
export async function goToInstant(page, scenario, cursor, commands = [], params = {}) {
  const recipe = await page.evaluate(
    ([scenario, options]) => new window.wasmBindings.Simulation(scenario, options).recipe(),
    [scenario, { commands, params }],
  );
  await follow(page, { recipe, cursor });
  return until(`${scenario} at ${cursor} us`, async () => {
    const seen = await frame(page);
    return seen.time === cursor && seen;
  });
}

// As the page copies it: a link to an instant opens paused.
async function follow(page, link) {
  const text = JSON.stringify({ ...link, look: { paused: 'yes' } });
  const packed = deflateRawSync(text).toString('base64url');
  await page.evaluate((packed) => (location.hash = `#v1.${packed}`), packed);
}

// Nodes walk to a new place for a moment; then they stand.
export const atRest = (page) =>
  page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, transitionProperty }) => transitionProperty !== 'transform' || playState !== 'running'),
  );

// What a screen reader can know of it, and the places of the messages: the same instant must give
// exactly the same.
export async function seen(page) {
  const [state, drawing, words, mirror] = [
    await stateHash(page),
    await page.evaluate(() =>
      [...document.querySelectorAll('[data-message]:not([visibility="hidden"])')]
        .map((glyph) =>
          ['data-message', 'class', 'transform'].map((name) => glyph.getAttribute(name)).join(' '),
        )
        .sort(),
    ),
    await stage(page).ariaSnapshot(),
    await lists(page).ariaSnapshot(),
  ];
  return { state, drawing, words, mirror };
}

// Two looks are exactly the same; the error names the first thing that differs.
export function assertSame(actual, expected, what) {
  for (const name of Object.keys(expected)) {
    const [is, was] = [actual[name], expected[name]].map((value) =>
      [value].flat().join('\n').split('\n'),
    );
    const at = was.findIndex((line, i) => line !== is[i]);
    const differs = at >= 0 ? at : is.length > was.length ? was.length : -1;
    if (differs >= 0) {
      assert.fail(
        `${what}: ${name}, line ${differs + 1} is "${is[differs]}", not "${was[differs]}"`,
      );
    }
  }
}

// ---- conditions that must hold everywhere ----

// Nothing fades or slides any more.
export const settled = (page) =>
  until('the page is still', () =>
    page.evaluate(() => document.getAnimations().every(({ playState }) => playState !== 'running')),
  );

// The problems that axe finds, as readable lines.
export async function accessibilityProblems(page) {
  // A panel that is still fading in has other colours than the panel.
  await settled(page);
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.addScriptTag({ path: require.resolve('axe-core/axe.min.js') });
  }
  const { violations } = await page.evaluate(
    (values) => window.axe.run({ runOnly: { type: 'tag', values } }),
    CRITERIA,
  );
  return violations.map(({ id, help, nodes }) => {
    return `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`;
  });
}

export async function assertAccessible(page, where) {
  assert.deepEqual(await accessibilityProblems(page), [], where);
}

// The page is no wider than the window, and no control lies beyond its edge.
export async function assertFits(page, where) {
  const beyond = await page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    const root = document.scrollingElement;
    const out = root.scrollWidth > wide ? [`the page is ${root.scrollWidth} px wide`] : [];
    for (const element of document.querySelectorAll('button, input, select, [role=slider]')) {
      const area = element.getBoundingClientRect();
      const hidden = area.width <= 1 || element.closest('.mirror, [hidden]');
      if (!hidden && (area.left < -0.5 || area.right > wide + 0.5)) {
        out.push(
          `${element.getAttribute('aria-label') ?? element.textContent} lies beyond the edge`,
        );
      }
    }
    return out;
  });
  assert.deepEqual(beyond, [], where);
}

// All controls that are smaller than a fingertip, as readable lines.
export function smallTargets(page, least = 24) {
  return page.evaluate((least) => {
    const pressed =
      'button, select, summary, textarea, input, a[href], [role=button], [role=tab], [role=slider], [role=checkbox], [role=option]';
    const small = [];
    for (const element of document.querySelectorAll(pressed)) {
      // A tick box inside its label is pressed by the label, too.
      const target = element.matches('input') ? (element.closest('label') ?? element) : element;
      const { width, height } = target.getBoundingClientRect();
      const unseen = width === 0 || height === 0 || !element.checkVisibility();
      // For screen readers and the keyboard only, not visible until then.
      const quiet = element.closest('.mirror:not(:focus-within)');
      if (!unseen && !quiet && (width < least - 0.1 || height < least - 0.1)) {
        const name = element.getAttribute('aria-label') ?? element.textContent.trim();
        small.push(`${name || element.outerHTML.slice(0, 80)}: ${width} by ${height}`);
      }
    }
    return small;
  }, least);
}

// Takes a picture for the README and for finding the cause of failures.
export async function screenshot(page, name) {
  await settled(page);
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: path.join(screenshots, `${name}.png`) });
}
