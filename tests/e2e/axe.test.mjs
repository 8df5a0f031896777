// Accessibility: the problems that a machine can check, at every size and in every theme.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  assertAccessible,
  button,
  events,
  launch,
  lists,
  LONG,
  open,
  openTab,
  SIZES,
  smallTargets,
  stepUntil,
  strike,
  tab,
  THEMES,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Colours depend on the theme, places on the size: every theme on the desktop, every size in one theme,
// and all combinations in the long version.
const LOOKS = Object.entries(SIZES)
  .flatMap(([size, viewport]) => [
    ...Object.entries(THEMES).map(([theme, stored]) => ({ size, theme, options: { viewport, stored } })),
    { size, theme: 'forced colours', options: { viewport, forcedColors: 'active' } },
  ])
  .filter(({ size, theme }) => LONG || size === 'desktop' || theme === 'light');

for (const { size, theme, options } of LOOKS) {
  {
    test(`home at ${size} size, ${theme}: no problem that axe finds`, async () => {
      const { page, close } = await open(browser, { ...options, paused: true });
      if (theme in THEMES) {
        assert.equal(await page.locator('html').getAttribute('data-theme'), theme);
      }
      await assertAccessible(page, 'as it opens');
      await button(page, 'Split 2|3')
        .or(page.locator('.verb', { hasText: 'Split' }))
        .first()
        .click();
      await strike(page, 3).click();
      await stepUntil(page, 'messages in flight', (seen) => seen.messages.length > 1);
      await assertAccessible(page, 'split and crashed');
      for (const name of ['Inspect', 'Log', 'History', 'Measures', 'Settings']) {
        await openTab(page, name);
        await assertAccessible(page, `tab ${name}`);
        assert.deepEqual(await smallTargets(page), [], `tab ${name}`);
      }
      await page.keyboard.press('h');
      await page.locator('.hunt').waitFor();
      await page.locator('.hunt').getByRole('button', { name: 'Search', exact: true }).click();
      await page.locator('.hunt-tried').waitFor();
      await assertAccessible(page, 'find a failure');
      assert.deepEqual(await smallTargets(page), [], 'find a failure');
      await button(page, 'Library').click();
      await page.getByRole('dialog', { name: 'Library' }).waitFor();
      await assertAccessible(page, 'library');
      await page.keyboard.press('Escape');
      await button(page, 'Help').click();
      await page.getByRole('dialog', { name: 'Help' }).waitFor();
      await assertAccessible(page, 'help');
      await page.keyboard.press('Escape');
      await button(page, 'Share').click();
      await page.getByRole('region', { name: 'Export this run' }).waitFor();
      await assertAccessible(page, 'share and export');
      assert.deepEqual(await smallTargets(page), [], 'share and export');
      await close();
    });
  }
}

test('a node, a link and a message in the inspector: no problem that axe finds', async () => {
  const { page, close } = await open(browser, { paused: true, fragment: '#cluster/hello' });
  await openTab(page, 'Inspect');
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await assertAccessible(page, 'a node');
  // A click on the line, away from its scissors, picks the link.
  const { x, y } = await page
    .locator('.link .grip')
    .first()
    .evaluate((line) => {
      const { x, y } = line.getPointAtLength(line.getTotalLength() / 4);
      const area = line.ownerSVGElement.getBoundingClientRect();
      return { x: area.x + x, y: area.y + y };
    });
  await page.mouse.click(x, y);
  await page.getByRole('heading', { name: /^Link between/ }).waitFor();
  await assertAccessible(page, 'a link');
  await stepUntil(page, 'messages in flight', (seen) => seen.messages.length > 1);
  await lists(page)
    .getByRole('button', { name: / from \d to \d/ })
    .first()
    .press('Enter');
  await page.getByRole('heading', { name: /^Message from/ }).waitFor();
  await assertAccessible(page, 'a message');
  assert.deepEqual(await smallTargets(page), []);
  await close();
});
