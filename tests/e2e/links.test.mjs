// Addresses: names, links, nonsense.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  button,
  frame,
  launch,
  leaders,
  hear,
  now,
  open,
  openTab,
  pause,
  ready,
  seen,
  speed,
  stateHash,
  strike,
  traceHash,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

for (const fragment of [
  '#nonsense',
  '#v1.????',
  '#v9.abc',
  '#bully/nope',
  '#/bully/nope',
  '#/bully/no%20such',
  '#%E0%A4%A',
]) {
  test(`${fragment} gives a message and a working page`, async () => {
    const { page, complaints, close } = await open(browser, { fragment });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const words = await alert.innerText();
    assert.ok(words.length > 20, words);
    assert.match(words, /The home scenario opened instead\./);
    if (fragment === '#v9.abc') assert.match(words, /version v9/);
    if (/nope$/.test(fragment)) assert.match(words, /nope.*did you mean|nope.*use one of/);
    if (fragment.endsWith('%20such')) assert.match(words, /`#\/protocol\/scenario`/);
    await page.getByRole('heading', { level: 1, name: 'Crash the leader' }).waitFor();
    await untilFrame(page, 'home lives', (seen) => leaders(seen).includes(3));
    const began = await now(page);
    await until('time passes', async () => (await now(page)) > began + 50_000);
    await button(page, 'Dismiss').click();
    assert.equal(await alert.count(), 0);
    await strike(page, 5).click();
    assert.ok((await frame(page)).nodes[4].life.down);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('a scenario opens by its name, and another one while the page is open', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#bully/one-election' });
  await page.getByRole('heading', { level: 1, name: "One election with the curriculum's program" }).waitFor();
  assert.equal(await page.title(), "One election with the curriculum's program · Faultline");
  await page
    .getByRole('button', { name: /^Known bug:/ })
    .first()
    .waitFor();
  await page.evaluate(() => (location.hash = '#cluster/hello'));
  await page.getByRole('heading', { level: 1, name: 'Hello, cluster' }).waitFor();
  await page.evaluate(() => (location.hash = '#bully/nope'));
  await page.getByRole('alert').waitFor();
  await page.getByRole('heading', { level: 1, name: 'Hello, cluster' }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('a route opens a scenario, at first and while the page is open', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#/bully/one-election' });
  const title = (name) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await title("One election with the curriculum's program");
  await page.evaluate(() => (location.hash = '#/cluster/hello'));
  await title('Hello, cluster');
  await page.goBack();
  await title("One election with the curriculum's program");
  assert.deepEqual(complaints, []);
  await close();
});

const titled = (page, name) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const standing = async (page) => ({
  trace: await traceHash(page),
  state: await stateHash(page),
  now: await now(page),
});

// Opens a scenario from the library: it plays.
async function twoLeaders(page) {
  await button(page, 'Library').click();
  const library = page.getByRole('dialog', { name: 'Library' });
  await library.getByRole('searchbox').fill('two leaders');
  await library.getByRole('button', { name: /^Two leaders after a split/ }).click();
  await titled(page, 'Two leaders after a split');
}

test('a page that is loaded again opens the same run at the same instant, in each tab its own', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#cluster/hello' });
  // From the library: the address alone does not have the person's commands.
  await twoLeaders(page);
  await strike(page, 2).click();
  await untilFrame(page, 'some time passes', (seen) => seen.time > 3_000_000);
  await pause(page);
  await openTab(page, 'Settings');
  const was = await standing(page);

  // Another tab of the same browser does something else and closes.
  const other = await page.context().newPage();
  await other.goto(page.url().replace(/#.*/, '#bully/kill-the-leader'));
  await ready(other);
  await strike(other, 1).click();
  await other.close();

  await page.reload();
  await ready(page);
  await titled(page, 'Two leaders after a split');
  assert.deepEqual(await standing(page), was);
  assert.ok(await button(page, 'Play').isVisible(), 'paused, as it was');
  assert.ok(await page.getByRole('tabpanel', { name: 'Settings' }).isVisible());
  await button(page, 'Undo').click();
  assert.ok((await frame(page)).nodes.every(({ life }) => life === 'up'));

  // A playing run continues. Undo has gone back to the instant of the crash.
  const undone = await now(page);
  await button(page, 'Play').click();
  await page.reload();
  await ready(page);
  const began = await now(page);
  assert.ok(began >= undone, `${began} after ${undone}`);
  await until('time passes', async () => (await now(page)) > began);
  assert.deepEqual(
    complaints.filter((line) => !line.includes('/-/reload')),
    [],
  );
  await close();
});

test('Back goes to the run before, Forward to the one after, each where it was left', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY });
  await strike(page, 5).click();
  await pause(page);
  const first = await standing(page);
  await twoLeaders(page);
  const began = await now(page);
  await until('time passes', async () => (await now(page)) > began);
  await strike(page, 1).click();
  await pause(page);
  const second = await standing(page);
  const at = async (what, wanted) => {
    await until(what, async () => (await traceHash(page)) === wanted.trace);
    assert.deepEqual(await standing(page), wanted);
    assert.ok(await button(page, 'Play').isVisible());
  };
  await page.goBack();
  await at('the run before', first);
  await page.goForward();
  await at('the run after', second);
  // The place in the history survives another reload.
  await page.goBack();
  await at('the run before', first);
  await page.reload();
  await ready(page);
  await at('the run before', first);
  await page.goForward();
  await at('the run after', second);
  assert.deepEqual(
    complaints.filter((line) => !line.includes('/-/reload')),
    [],
  );
  await close();
});

test('a link copied at an instant opens at that instant, paused, and says how to go on', async () => {
  const { page, close } = await open(browser, {
    fragment: BULLY,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await strike(page, 5).click();
  await button(page, 'Copy link').click();
  await page.getByText('Link copied. It opens this run, at this instant.').first().waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  await close();
  const other = await open(browser, { fragment: new URL(address).hash });
  const was = await standing(other.page);
  assert.ok(await button(other.page, 'Play').isVisible());
  const goOn = button(other.page, 'Paused. Play (Space)');
  await goOn.waitFor();
  assert.deepEqual(await standing(other.page), was, 'time stands still');
  await other.page.keyboard.press('Space');
  await until('time passes', async () => (await now(other.page)) > was.now);
  assert.equal(await goOn.count(), 0);
  assert.deepEqual(other.complaints, []);
  await other.close();
});

test('after a scenario that starts paused, the next one plays as its own data says', async () => {
  const { page, complaints, close } = await open(browser, { fragment: '#cluster/hello' });
  await page.evaluate(() => (location.hash = '#bully/one-election'));
  await titled(page, "One election with the curriculum's program");
  await button(page, 'Play').waitFor();
  await page.getByText('Press Play, or Step (→) for one event.').waitFor();
  await twoLeaders(page);
  const began = await now(page);
  await until('time passes', async () => (await now(page)) > began);
  await page.goBack();
  await titled(page, "One election with the curriculum's program");
  await button(page, 'Play').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('the library opens a scenario, and search finds it', async () => {
  const { page, complaints, close } = await open(browser);
  await button(page, 'Library').click();
  const library = page.getByRole('dialog', { name: 'Library' });
  await library.getByRole('searchbox').fill('two leaders');
  await library.getByRole('button', { name: /^Two leaders after a split/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Two leaders after a split' }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.keyboard.press('Escape');
  await button(page, 'Library').click();
  await library.getByRole('searchbox').fill('xyzzy plugh');
  await library.getByText(/^No scenario matches/).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('dialog').count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a copied link opens the same run at the same instant', async () => {
  const { page, close } = await open(browser, {
    fragment: BULLY,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await openTab(page, 'Log');
  await strike(page, 5).click();
  await speed(page, 4);
  await untilFrame(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  await pause(page);
  await button(page, 'Copy link').click();
  await page.getByText('Link copied. It opens this run, at this instant.').first().waitFor();
  await hear(page, /Link copied/);
  const address = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(address, page.url());
  const was = { trace: await traceHash(page), state: await stateHash(page), now: await now(page) };
  await close();

  const fragment = new URL(address).hash;
  assert.match(fragment, /^#v1\.[\w-]+$/);
  const other = await open(browser, { fragment, paused: true });
  assert.deepEqual(
    {
      trace: await traceHash(other.page),
      state: await stateHash(other.page),
      now: await now(other.page),
    },
    was,
  );
  // The crash is part of the run, so it can be undone there.
  await button(other.page, 'Undo').click();
  assert.deepEqual(leaders(await frame(other.page)), [5]);
  assert.deepEqual(other.complaints, []);
  await other.close();
});
