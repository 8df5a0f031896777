// Parameters and rules of one node: set, seen, kept in the address, and taken back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  assertFits,
  button,
  launch,
  logged,
  node,
  open,
  openTab,
  ready,
  SIZES,
  smallTargets,
  stateHash,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const RAFT = '#raft/kill-the-leader';
const TIMEOUT = 'Election timeout (random, up to twice this)';
const VOTE = 'A server votes once per term';

const panel = (page, name) => page.getByRole('tabpanel', { name });
const field = (within, name) => within.getByRole('textbox', { name, exact: true });
const own = (page) => panel(page, 'Inspect').locator('.own li');

async function inspect(page, id) {
  await openTab(page, 'Inspect');
  await node(page, id).click();
  await inspected(page, id);
}

const inspected = (page, id) =>
  panel(page, 'Inspect').getByRole('heading', { name: `Node ${id}`, exact: true }).waitFor();

test('a slow server: one node has its own election timeout', async () => {
  const { page, complaints, close } = await open(browser, {
    fragment: RAFT,
    paused: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const before = await stateHash(page);
  await openTab(page, 'Settings');
  const settings = panel(page, 'Settings');
  await settings.getByLabel('Set for').selectOption('Node 3');
  await settings.getByRole('heading', { name: 'Parameters of node 3' }).waitFor();
  assert.equal(await settings.getByText('Voting servers', { exact: true }).count(), 0);
  const timeout = field(settings, `${TIMEOUT}, node 3`);
  const common = await timeout.inputValue();
  await timeout.fill('400');
  await timeout.press('Enter');
  const instead = `400 ms instead of ${common} ms`;
  await settings.getByText(instead).waitFor();
  // The others are as they were.
  await settings.getByLabel('Set for').selectOption('All nodes');
  assert.equal(await field(settings, TIMEOUT).inputValue(), common);
  await settings.getByText(`${TIMEOUT}, node 3`).waitFor();
  const told = await logged(page, 'What you did', /was set/);
  assert.ok(told.endsWith(`“${TIMEOUT}” of node 3 was set to 400 ms.`), told);

  await inspect(page, 2);
  assert.equal(await own(page).count(), 0);
  await inspect(page, 3);
  assert.match(await own(page).innerText(), new RegExp(instead));
  const changed = await stateHash(page);
  assert.notEqual(changed, before);

  // A copied link holds it, with the selection.
  await button(page, 'Copy link').click();
  await page.getByText('Link copied. It opens this run, at this instant.').first().waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  const other = await open(browser, { fragment: new URL(address).hash });
  await inspected(other.page, 3);
  assert.match(await own(other.page).innerText(), new RegExp(instead));
  assert.equal(await stateHash(other.page), changed);
  assert.deepEqual(other.complaints, []);
  await other.close();

  // The address bar holds it, too.
  await page.reload();
  await ready(page);
  await inspected(page, 3);
  assert.match(await own(page).innerText(), new RegExp(instead));

  await button(page, 'Undo').click();
  await until('node 3 is as all nodes are', async () => (await own(page).count()) === 0);
  assert.equal(await stateHash(page), before);
  assert.deepEqual(
    complaints.filter((line) => !line.includes('/-/reload')),
    [],
  );
  await close();
});

test('the way back is the value of all nodes, and a restarted run keeps the rest', async () => {
  const { page, complaints, close } = await open(browser, { fragment: RAFT, paused: true });
  await inspect(page, 3);
  const inspector = panel(page, 'Inspect');
  await inspector.getByText('Settings of node 3', { exact: true }).click();
  const vote = inspector.getByRole('switch', { name: `${VOTE}, node 3`, exact: true });
  await vote.click();
  const timeout = field(inspector, `${TIMEOUT}, node 3`);
  await timeout.fill('400');
  await timeout.press('Enter');
  await until('both are listed', async () => (await own(page).count()) === 2);
  assert.match(await own(page).last().innerText(), /off instead of on/);

  await openTab(page, 'Settings');
  await panel(page, 'Settings').getByRole('button', { name: 'Restart run', exact: true }).click();
  await inspect(page, 3);
  await until('both are kept', async () => (await own(page).count()) === 2);
  await button(page, `${VOTE}, node 3: back to on`).click();
  await until('one is left', async () => (await own(page).count()) === 1);
  const focus = await page.evaluate(() => document.activeElement.getAttribute('role'));
  assert.equal(focus, 'tabpanel', 'the keyboard stays in the panel');
  await own(page).getByRole('button').click();
  await until('nothing is left', async () => (await own(page).count()) === 0);
  assert.deepEqual(complaints, []);
  await close();
});

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`settings of one node at ${size} size`, async () => {
    const fragment = RAFT;
    const { page, complaints, close } = await open(browser, { fragment, paused: true, viewport });
    await openTab(page, 'Settings');
    const settings = panel(page, 'Settings');
    await settings.getByLabel('Set for').selectOption('Node 3');
    await settings.getByRole('switch', { name: `${VOTE}, node 3`, exact: true }).click();
    await settings.getByText('off instead of on').waitFor();
    await assertAccessible(page, 'settings of a node');
    await assertFits(page, 'settings of a node');
    assert.deepEqual(await smallTargets(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });
}
