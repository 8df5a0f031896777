// One quarter of the library.

import { after, before, test } from 'node:test';

import { everyEntry } from './entries.mjs';
import { launch } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('every entry of the library opens, plays and stays quiet: quarter 2', () => everyEntry(browser, 1, 4));
