// Parameters, rules and the seed: the effect of a change, and the answer to a wrong value.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  BULLY,
  button,
  clickRow,
  frame,
  launch,
  leaders,
  lists,
  logged,
  node,
  now,
  open,
  openTab,
  playUntil,
  stage,
  stateHash,
  stepUntil,
  strike,
  traceHash,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const panel = (page) => page.getByRole('tabpanel', { name: 'Settings' });

async function openSettings(options) {
  const opened = await open(browser, { fragment: BULLY, paused: true, ...options });
  await openTab(opened.page, 'Settings');
  return opened;
}

test('seven nodes restart the run with seven nodes', async () => {
  const { page, complaints, close } = await openSettings();
  const field = panel(page).getByRole('textbox', { name: 'Nodes', exact: true });
  await field.fill('7');
  await field.press('Enter');
  await until('seven nodes', async () => (await frame(page)).nodes.length === 7);
  await node(page, 7).waitFor();
  assert.equal(
    await stage(page)
      .getByRole('button', { name: /^Node \d/ })
      .count(),
    7,
  );
  await page.getByText('7 nodes · Bully election').waitFor();
  await playUntil(page, 'a leader', (seen) => leaders(seen).length === 1);
  assert.deepEqual(complaints, []);
  await close();
});

test('a wrong value gets a reason and changes nothing', async () => {
  const { page, complaints, close } = await openSettings();
  const before = await traceHash(page);
  const field = panel(page).getByRole('textbox', { name: 'Nodes', exact: true });
  for (const [wrong, why] of [
    ['0', /\b1\b.*50|50.*\b1\b/s],
    ['a dozen', /a dozen/],
    ['51', /50/],
  ]) {
    await field.fill(wrong);
    await field.press('Enter');
    const alert = panel(page).getByRole('alert');
    await until(
      `"${wrong}" is refused`,
      async () => (await alert.count()) && why.test(await alert.innerText()),
    );
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(await field.inputValue(), wrong, 'what was typed stays');
    assert.equal(await traceHash(page), before);
  }
  await field.fill('6');
  await field.press('Enter');
  await until(
    'the complaint goes',
    async () => (await panel(page).getByRole('alert').count()) === 0,
  );
  assert.equal((await frame(page)).nodes.length, 6);
  const seed = panel(page).getByRole('textbox', { name: /^Seed/ });
  await seed.fill('-1');
  await button(page, 'Run this seed').click();
  await panel(page).getByRole('alert').waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('the same seed gives the same run, another one another', async () => {
  const traces = [];
  for (const seed of ['2026', '2026', '7']) {
    const { page, close } = await openSettings();
    await panel(page).getByRole('textbox', { name: /^Seed/ }).fill(seed);
    await button(page, 'Run this seed').click();
    await until(
      'the field shows it',
      async () => (await panel(page).getByRole('textbox', { name: /^Seed/ }).inputValue()) === seed,
    );
    await stepUntil(page, 'forty events', (seen) => seen.events >= 40);
    traces.push(`${await now(page)} ${await traceHash(page)}`);
    await close();
  }
  assert.equal(traces[0], traces[1]);
  assert.notEqual(traces[0], traces[2]);
});

test('a rule is switched while the run goes on, and undone', async () => {
  const { page, complaints, close } = await openSettings();
  const rule = panel(page).getByRole('switch', { name: /missed|misses them/ });
  assert.ok(await rule.isChecked());
  const at = await now(page);
  await rule.click();
  assert.ok(!(await rule.isChecked()));
  assert.equal(await now(page), at, 'the run was not restarted');
  await button(page, 'Undo').click();
  await until('it is on again', () => rule.isChecked());
  assert.deepEqual(complaints, []);
  await close();
});

test('a parameter that may change while the run goes on does not restart it', async () => {
  const { page, close } = await openSettings();
  const at = await now(page);
  const field = panel(page).getByRole('textbox', { name: 'Leader presumed dead after', exact: true });
  await field.fill('4000');
  await field.press('Enter');
  await until('it is taken', async () => (await field.inputValue()) === '4000');
  assert.equal(await now(page), at);
  assert.ok(await button(page, 'Undo').isEnabled());
  await close();
});

test('a preset that breaks rules says so', async () => {
  const { page, close } = await openSettings();
  await panel(page).getByLabel('Preset').selectOption('as-written');
  await panel(page)
    .getByText(/^Known bug:/)
    .waitFor();
  await until('the header says it, too', () =>
    page
      .getByRole('banner')
      .getByRole('button', { name: /^Known bug:/ })
      .isVisible(),
  );
  await close();
});

test('what the inspector says of a node is what the node is', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Inspect');
  await node(page, 2).click();
  const inspector = page.getByRole('tabpanel', { name: 'Inspect' });
  await inspector.getByRole('heading', { name: 'Node 2' }).waitFor();
  await inspector.getByText('node 5', { exact: true }).first().waitFor();
  await inspector.getByRole('button', { name: 'Pause', exact: true }).click();
  assert.ok((await frame(page)).nodes[1].life.paused);
  await inspector.getByRole('button', { name: 'Resume', exact: true }).click();
  const skew = inspector.getByRole('spinbutton', { name: 'Clock skew, in ms' });
  await skew.fill('-300');
  await skew.press('Enter');
  assert.equal((await frame(page)).nodes[1].clock_error_us, -300_000);
  await inspector.getByText('300 ms behind (skew)').waitFor();
  await inspector.getByRole('button', { name: 'Crash', exact: true }).click();
  assert.ok((await frame(page)).nodes[1].life.down);
  await inspector.getByText(/^down for/).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('probes count, and rules show their state', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Measures');
  const measures = page.getByRole('tabpanel', { name: 'Measures' });
  await strike(page, 5).click();
  const seen = await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  const shown = await measures.innerText();
  for (const [kind, count] of seen.sent.filter(([, count]) => count > 0)) {
    assert.match(shown, new RegExp(`${kind}\\s+\\d+`), `${kind}, ${count}`);
  }
  for (const probe of seen.probes) assert.ok(shown.includes(probe.title), probe.title);
  for (const verdict of seen.verdicts) {
    assert.ok(shown.includes(verdict.title.replace(/\.$/, '')), verdict.title);
  }
  await close();
});

test('an event shows what it changed, its cause and its effects', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await strike(page, 5).click();
  await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  await logged(page, 'Beliefs', /Node 4 thinks it is the leader/);
  await clickRow(page, (text) => text.includes('Node 4 thinks it is the leader'));
  await button(page, 'Inspect this event').click();
  const inspector = page.getByRole('tabpanel', { name: 'Inspect' });
  await inspector.getByText('Node 4 thinks it is the leader.', { exact: true }).waitFor();
  const before = await inspector.getByRole('row', { name: /Leader \(its belief\)/ }).innerText();
  assert.match(before, /node 4$/);
  assert.doesNotMatch(before, /node 4\s+node 4/);
  // Looking does not change the state.
  assert.deepEqual(leaders(await frame(page)), [4]);
  const state = await stateHash(page);
  // Its cause is a way back, and from there an effect is a way forward.
  await inspector.getByRole('heading', { name: 'Caused by' }).waitFor();
  const cause = inspector.locator('.event-link').first();
  const sentence = await cause.locator('span').last().innerText();
  await cause.click();
  await inspector.getByText(sentence, { exact: true }).first().waitFor();
  await inspector.getByRole('heading', { name: 'Effects' }).waitFor();
  await inspector
    .locator('.event-link')
    .filter({ hasText: 'Node 4 thinks it is the leader.' })
    .click();
  assert.equal(await stateHash(page), state);
  assert.deepEqual(complaints, []);
  await close();
});

test('a node tells its latest events, a message who sent it and when', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await stepUntil(page, 'a message in flight', (seen) => seen.messages.length > 0);
  const [message] = (await frame(page)).messages;
  await openTab(page, 'Inspect');
  await node(page, 5).click();
  const inspector = page.getByRole('tabpanel', { name: 'Inspect' });
  await inspector.getByRole('heading', { name: 'Latest events of this node' }).waitFor();
  assert.match(await inspector.locator('.event-link').first().innerText(), /Node 5/);
  await lists(page)
    .getByRole('button', { name: / from \d to \d/ })
    .first()
    .press('Enter');
  await inspector.getByRole('heading', { name: 'Sent when' }).waitFor();
  await inspector.locator('.event-link').first().click();
  assert.ok((await now(page)) <= message.sent);
  assert.deepEqual(complaints, []);
  await close();
});
