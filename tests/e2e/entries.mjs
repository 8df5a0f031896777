// Every entry of the library opens, plays and stays quiet. Four test files share the work.

import assert from 'node:assert/strict';

import {
  button,
  caption,
  events,
  frame,
  open,
  pause,
  play,
  speed,
  stage,
  until,
  untilFrame,
} from './page.mjs';

export async function everyEntry(browser, part, parts) {
  const { page, complaints, close } = await open(browser, { paused: true });
  const catalogue = await page.evaluate(() => window.wasmBindings.Simulation.list());
  const all = catalogue.flatMap((protocol) =>
    protocol.scenarios.map((scenario) => ({ name: `${protocol.id}/${scenario.id}`, ...scenario })),
  );
  assert.ok(all.length >= 4, `${all.length} entries`);
  // One page opens them all in turn, like a person who browses.
  for (const { name, title } of all.filter((_, at) => at % parts === part)) {
    await page.evaluate((name) => (location.hash = `#${name}`), name);
    await until(`${name} is open`, async () => (await page.title()) === `${title} · Faultline`);
    assert.equal(await page.getByRole('heading', { level: 1 }).innerText(), title, name);
    const began = await events(page);
    await speed(page, 4);
    const playing = await button(page, 'Pause').isVisible();
    if (!playing) await play(page);
    // A run without further events may stop earlier.
    await untilFrame(
      page,
      `${name} plays`,
      (seen) => seen.events >= began + 20 || seen.time >= 2_000_000 || seen.halted,
    );
    if (await button(page, 'Pause').isVisible()) await pause(page);
    const buttons = await stage(page)
      .getByRole('button', { name: /^Node \d/ })
      .count();
    assert.ok(buttons > 0, `${name} has no node on its stage`);
    assert.equal(buttons, (await frame(page)).nodes.length, name);
    assert.notEqual(await caption(page).innerText(), '', `${name} says nothing`);
    assert.equal(await page.getByRole('alert').count(), 0, name);
    assert.deepEqual(complaints, [], name);
  }
  await close();
}
