// What stands behind the address: names, links, nonsense.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  button,
  frame,
  launch,
  leaders,
  live,
  now,
  open,
  openTab,
  pause,
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

for (const fragment of ['#nonsense', '#v1.????', '#v9.abc', '#bully/nope', '#%E0%A4%A']) {
  test(`${fragment} gives a message and a working page`, async () => {
    const { page, complaints, close } = await open(browser, { fragment });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const words = await alert.innerText();
    assert.ok(words.length > 20, words);
    assert.match(words, /The home scenario is shown instead\./);
    if (fragment === '#v9.abc') assert.match(words, /version v9/);
    if (fragment === '#bully/nope') assert.match(words, /nope/);
    await page.getByRole('heading', { level: 1, name: 'Who is in charge?' }).waitFor();
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
  await page.getByRole('heading', { level: 1, name: 'One election, as written' }).waitFor();
  assert.equal(await page.title(), 'One election, as written · Faultline');
  await page
    .getByText(/^as written: breaks/)
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

test('the library opens a scenario, and search finds it', async () => {
  const { page, complaints, close } = await open(browser);
  await button(page, 'Library').click();
  const library = page.getByRole('dialog', { name: 'Library' });
  await library.getByRole('searchbox').fill('two leaders');
  await library.getByRole('button', { name: /^Two leaders/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Two leaders' }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.keyboard.press('Escape');
  await button(page, 'Library').click();
  await library.getByRole('searchbox').fill('no such words at all');
  await library.getByText(/^Nothing here has to do with/).waitFor();
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
  assert.match(await live(page).innerText(), /Link copied/, 'said, too');
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
  // The crash is part of the run: it can be undone there.
  await button(other.page, 'Undo').click();
  assert.deepEqual(leaders(await frame(other.page)), [5]);
  assert.deepEqual(other.complaints, []);
  await other.close();
});
