// Activity 5 as a whole: the longest one.

import { after, before, test } from 'node:test';

import { wholeActivity } from './activities.mjs';
import { launch } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('Activity 5 from its first step to the exported lab sheet', () =>
  wholeActivity(browser, {
    lessonTitle: 'Refuse or answer: the CAP theorem',
    file: 'lab-sheet-refuse-or-answer-the-cap-theorem.md',
    least: { steps: 18, guesses: 14, notes: 4 },
    system: 'MongoDB',
  }));
