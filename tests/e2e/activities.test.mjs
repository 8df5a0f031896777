// Activities 1 and 3 as a whole.

import { after, before, test } from 'node:test';

import { wholeActivity } from './activities.mjs';
import { launch } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('Activity 1 from its first step to the exported lab sheet', () =>
  wholeActivity(browser, {
    lessonTitle: 'Three nodes count together',
    file: 'lab-sheet-three-nodes-count-together.md',
    least: { steps: 18, guesses: 14, notes: 4 },
    system: 'Cassandra counters',
  }));

test('Activity 3 from its first step to the exported lab sheet', () =>
  wholeActivity(browser, {
    lessonTitle: 'Who is dead, and who is only late?',
    file: 'lab-sheet-who-is-dead-and-who-is-only-late.md',
    least: { steps: 15, guesses: 12, notes: 3 },
    system: 'Kubernetes',
  }));
