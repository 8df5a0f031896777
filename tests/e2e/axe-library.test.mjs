// Accessibility of every protocol: the problems that a machine can check.

import { after, before, test } from 'node:test';

import { assertAccessible, button, launch, LONG, open, stepUntil, until } from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Scenarios of one protocol show the same kinds of figures; the smoke test opens all of them.
test('every protocol of the library, in both themes: no problem that axe finds', async () => {
  const { page, close } = await open(browser, { paused: true });
  const catalogue = await page.evaluate(() => window.wasmBindings.Simulation.list());
  for (const protocol of catalogue) {
    for (const { id } of LONG ? protocol.scenarios : protocol.scenarios.slice(0, 1)) {
      const name = `${protocol.id}/${id}`;
      await page.evaluate((name) => (location.hash = `#${name}`), name);
      await until(`${name} is open`, async () =>
        (await page.title()).startsWith(
          protocol.scenarios.find((scenario) => scenario.id === id).title,
        ),
      );
      await stepUntil(page, 'twelve events', (seen) => seen.events >= 12 || seen.halted, 14).catch(
        () => {},
      );
      for (const theme of ['Dark theme', 'Light theme']) {
        await button(page, theme).click();
        await assertAccessible(page, `${name}, ${theme}`);
      }
    }
  }
  await close();
});
