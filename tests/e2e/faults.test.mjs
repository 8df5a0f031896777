// Every fault and repair is announced at once, appears in the event log and on the timeline, and Undo
// reverts it exactly. Covers every verb, and every button for one.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  button,
  frame,
  goTo,
  launch,
  hear, live,
  logged,
  node,
  open,
  openTab,
  stage,
  stateHash,
  strike,
  until,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

const SCENARIO = 'cluster/hello';

// With messages in flight, so that each verb finds one; late enough for earlier commands to have
// separate marks.
const busy = ({ messages, time }) =>
  time > 600_000 &&
  messages.filter(({ sent, arrives }) => {
    const part = (time - sent) / (arrives - sent);
    return part > 0.1 && part < 0.8;
  }).length > 2;

// Commands that must run a while earlier, so that a verb has something to act on.
const FIRST = {
  recover: 'crash n2',
  resume: 'pause n1',
  join: 'cut n1-n2',
  heal: 'cut n1-n2',
};

// Examples of the form that name something this run does not have, adapted to this run.
const inThisRun = (verb, example, { messages }) => {
  const [one, other] = messages.map(({ address }) => address);
  switch (verb) {
    case 'request':
      return 'request n1 {"send":{"to":2,"text":"hello"}}';
    case 'set':
      return 'set timeout=1500';
    case 'switch':
      return 'switch retry=off';
    default:
      return example.replace('n1->n2#3', one).replace('n1->n2#4', other);
  }
};

// The description of the timeline's latest mark.
async function latestMark(page) {
  const timeline = page.getByRole('slider', { name: 'Timeline' });
  await timeline.focus();
  return timeline.getAttribute('aria-description');
}

// Applies a command and checks all four. `before` is the earlier state, `mark` the earlier description.
async function checked(page, what, act) {
  const [state, marked] = [await stateHash(page), await latestMark(page)];
  const before = await live(page).textContent();
  await act();
  await until(`${what}: something is said`, async () => (await live(page).textContent()) !== before);
  const said = (await live(page).innerText()).trim();
  assert.ok(said.length > 5, `${what}: nothing was said`);
  assert.doesNotMatch(said, /^Nothing changed/, what);
  const [first] = said.split(/(?<=\.) /);
  const sentence = await logged(page, 'What you did', new RegExp(first.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  const mark = await until(`${what}: a mark on the timeline`, async () => {
    const latest = await latestMark(page);
    return latest !== marked && latest;
  });
  await button(page, 'Undo').click();
  await hear(page, /^Undone: /);
  assert.equal(await stateHash(page), state, `${what}: Undo does not lead back`);
  return { said, sentence, mark };
}

const verbs = (page) =>
  page
    .getByRole('combobox', { name: 'Fault', exact: true })
    .locator('option')
    .evaluateAll((options) => options.map(({ value }) => value));

test('every verb is announced, logged, marked and undone', async () => {
  const { page, complaints, close } = await open(browser, {
    paused: true,
    fragment: `#${SCENARIO}`,
  });
  await button(page, 'More faults').click();
  const all = await verbs(page);
  assert.ok(all.length > 30, all.join());
  for (const verb of all) {
    const first = FIRST[verb];
    // Starts from the beginning, because an unchanged address does not load again.
    await page.evaluate((name) => (location.hash = name), SCENARIO);
    const seen = await goTo(page, 'messages', SCENARIO, busy, first ? [`10ms ${first}`] : []);
    if (verb === 'release') {
      // A held message stays for any length of time.
      await type(page, `hold ${seen.messages[0].address}`);
      for (let i = 0; i < 12; i += 1) await button(page, 'Step forward').click();
    }
    await choose(page, verb);
    const field = page.getByLabel(/^Syntax/);
    const words = inThisRun(verb, await field.inputValue(), seen);
    const { sentence } = await checked(page, words, () => type(page, words));
    assert.ok(sentence.endsWith('.'), words);
  }
  assert.deepEqual(complaints, []);
  await close();
});

async function choose(page, verb) {
  const choice = page.getByRole('combobox', { name: 'Fault', exact: true });
  if (!(await choice.isVisible())) await button(page, 'More faults').click();
  await choice.selectOption(verb);
}

async function type(page, words) {
  const field = page.getByLabel(/^Syntax/);
  if (!(await field.isVisible())) await button(page, 'More faults').click();
  await field.fill(words);
  await button(page, 'Apply').click();
}
