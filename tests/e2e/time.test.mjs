// Time runs both ways: stepping back shows the earlier state exactly, acting in the past keeps the old
// future, and pausing stops everything.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  assertSame,
  BULLY,
  button,
  events,
  frame,
  launch,
  leaders,
  hear, live,
  logged,
  now,
  open,
  openTab,
  pause,
  play,
  playUntil,
  seen,
  speed,
  stage,
  stateHash,
  stepUntil,
  strike,
  traceHash,
  until,
  untilFrame,
} from './page.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

// Numbers that look random and are the same on every run (Park and Miller).
function dice(seed) {
  let state = seed;
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % sides;
  };
}

test('stepping back shows the earlier state exactly, at 20 random events', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  const roll = dice(2026);
  // The panel would open by itself at the first fault and move the stage.
  await openTab(page, 'Log');
  await stage(page).getByRole('button', { name: 'Cut link 1 to 2', exact: true }).click();
  await strike(page, 5).click();
  // Keys step the run while no control has the focus.
  await page.evaluate(() => document.activeElement.blur());
  let compared = 0;
  for (let turn = 0; turn < 20; turn += 1) {
    // On to a random event, in jumps and single steps.
    for (let i = roll(3); i > 0; i -= 1) await page.keyboard.press('Shift+ArrowRight');
    const forward = 2 + roll(3);
    const looks = [];
    for (let i = 0; i < forward; i += 1) {
      if (turn % 2) await page.keyboard.press('ArrowRight');
      else await button(page, 'Step forward').click();
      looks.push({
        ...(await seen(page)),
        trace: await traceHash(page),
        events: await events(page),
      });
    }
    for (let i = forward - 2; i >= 0; i -= 1) {
      if (turn % 2) {
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press('ArrowLeft');
      } else {
        await button(page, 'Step back').click();
      }
      const look = {
        ...(await seen(page)),
        trace: await traceHash(page),
        events: await events(page),
      };
      assertSame(
        look,
        looks[i],
        `turn ${turn}, ${forward - 1 - i} back from event ${looks.at(-1).events}`,
      );
      compared += 1;
    }
    assert.equal(await page.getByText('Past', { exact: true }).count(), 1);
    // And forward again to the same event.
    for (let i = 1; i < forward; i += 1) await button(page, 'Step forward').click();
    const again = {
      ...(await seen(page)),
      trace: await traceHash(page),
      events: await events(page),
    };
    assertSame(again, looks.at(-1), `turn ${turn}, forward again`);
    await page.evaluate(() => document.activeElement.blur());
  }
  assert.ok(compared >= 20, `${compared} comparisons`);
  // The steps have included an election, not only heartbeats.
  assert.ok((await frame(page)).sent.some(([kind, count]) => kind === 'ELECTION' && count > 0));
  assert.deepEqual(complaints, []);
  await close();
});

test('scrubbing shows the same instant as before', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Log');
  await strike(page, 5).click();
  const reached = await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  const end = { state: await stateHash(page), trace: await traceHash(page) };
  const timeline = page.getByRole('slider', { name: 'Timeline' });
  const box = await timeline.boundingBox();
  // A click on the lane, far from any mark.
  await timeline.click({ position: { x: box.width * 0.13, y: box.height / 2 } });
  assert.ok((await now(page)) < reached.time);
  await page.getByText('Past', { exact: true }).waitFor();
  assert.match(await timeline.getAttribute('aria-valuetext'), /^[\d.]+ s of [\d.]+ s$/);
  await button(page, 'Back to live').click();
  assert.equal(await stateHash(page), end.state);
  assert.equal(await traceHash(page), end.trace);
  await page.getByText('Live', { exact: true }).waitFor();
  // Dragging shows the past too, and breaks nothing.
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.05, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  assert.ok((await now(page)) < reached.time / 2);
  await button(page, 'Back to live').click();
  assert.equal(await traceHash(page), end.trace);
  await close();
});

test('a row of the log is a way back to its event', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Log');
  await strike(page, 5).click();
  await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  await logged(page, 'Nodes up and down', /Node 5 crashes/);
  await page.getByRole('option', { name: /Node 5 crashes/ }).click();
  const back = await frame(page);
  assert.equal(back.nodes[4].life.down.since, back.time);
  await close();
});

test('acting in the past forks, and the old future is kept', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await openTab(page, 'Log');
  await strike(page, 5).click();
  await playUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  const future = { trace: await traceHash(page), now: await now(page) };

  await page.getByRole('slider', { name: 'Timeline' }).press('Home');
  assert.equal(await now(page), 0);
  await strike(page, 1).click();
  const remark = page.getByText(/^Forked at 0\.00 s\./);
  await remark.waitFor();
  assert.match(await remark.innerText(), /Run A is kept; this is run B\./);
  await hear(page, /Node 1 was crashed\. Forked at 0\.00 s\./);
  assert.ok((await frame(page)).nodes[0].life.down);
  assert.ok(!(await frame(page)).nodes[4].life.down);

  // The new future differs; the old one is still there, to the exact event.
  await playUntil(page, 'the second future', (seen) => seen.time > 3_000_000);
  assert.notEqual(await traceHash(page), future.trace);
  await openTab(page, 'Settings');
  await page.getByRole('heading', { name: 'Kept runs' }).waitFor();
  await page
    .getByRole('button', { name: /^Open run/ })
    .first()
    .click();
  assert.equal(await now(page), future.now);
  assert.equal(await traceHash(page), future.trace);
  assert.deepEqual(complaints, []);
  await close();
});

test('a paused page does nothing: no picture changes, no frame is requested', async () => {
  const { page, close } = await open(browser, {
    init: () => {
      window.frames = 0;
      const ask = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) => {
        window.frames += 1;
        return ask(callback);
      };
    },
  });
  await untilFrame(page, 'messages in flight', (seen) => seen.messages.length > 2);
  await strike(page, 5).click();
  await speed(page, -2);
  await pause(page);
  await page.mouse.move(5, 400);
  const idle = await page.evaluate(async () => {
    // Frames requested before the pause have come by then.
    await new Promise((done) => setTimeout(done, 100));
    const before = window.frames;
    await new Promise((done) => setTimeout(done, 600));
    return window.frames - before;
  });
  assert.equal(idle, 0, 'a paused page asks for no animation frame');
  const first = await page.screenshot();
  // The time between two looks is the measurement.
  await sleep(600);
  const second = await page.screenshot();
  assert.ok(first.equals(second), 'two pictures of a paused page, 600 ms apart');
  const state = await stateHash(page);
  assert.equal(await stateHash(page), state);

  // Running again, it requests frames, so the count above was valid.
  const counted = await page.evaluate(() => window.frames);
  await play(page);
  await until('frames', () => page.evaluate((counted) => window.frames > counted + 5, counted));
  await close();
});

test('Restart run starts again, paused if it was paused', async () => {
  const { page, close } = await open(browser, { paused: true });
  await stepUntil(page, 'a few events', (seen) => seen.events > 20);
  await button(page, 'Restart run').click();
  assert.equal(await now(page), 0);
  await button(page, 'Play').waitFor();
  await play(page);
  await until('time passes', async () => (await now(page)) > 200_000);
  await close();
});

test('a leader that is elected while paused wears the crown', async () => {
  const { page, close } = await open(browser, { fragment: BULLY, paused: true });
  await strike(page, 5).click();
  await stepUntil(page, 'node 4 leads', (seen) => leaders(seen).includes(4));
  const crowns = page.locator('.scene .crown, .timeline .crown');
  await until('its crown is there', async () => (await crowns.count()) > 1);
  const opacities = await crowns.evaluateAll((all) =>
    all.map((crown) => getComputedStyle(crown).opacity),
  );
  for (const opacity of opacities)
    assert.ok(Number(opacity) >= 0.5, `a crown's opacity is ${opacity}`);
  assert.equal(
    await page.locator('.scene .crown').evaluate((crown) => getComputedStyle(crown).opacity),
    '1',
  );
  await close();
});

const timeline = (page) => page.getByRole('slider', { name: 'Timeline' });
const told = (page) => page.locator('.timeline .told');

test('next and previous moment go through the important moments, and the timeline describes them', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await strike(page, 5).click();
  await page.evaluate(() => document.activeElement.blur());
  // After the furthest instant, the run continues until there is a moment.
  await page.keyboard.press('n');
  assert.ok((await frame(page)).messages.some(({ shape }) => shape === 'election'));
  await hear(page, /^[\d.]+ s: Node \d/);
  const election = await now(page);
  for (let i = 0; i < 12 && !leaders(await frame(page)).includes(4); i += 1) {
    await button(page, 'Next moment').click();
  }
  const elected = await frame(page);
  assert.deepEqual(leaders(elected), [4]);
  await button(page, 'Previous moment').click();
  assert.ok((await now(page)) < elected.time || (await frame(page)).records < elected.records);
  await page.getByText('Past', { exact: true }).waitFor();
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < 12 && (await now(page)) > election; i += 1) {
    await page.keyboard.press('Shift+N');
  }
  assert.equal(await now(page), election);
  // Numbers show who led.
  await page.keyboard.press('l');
  await playUntil(page, 'it leads for a while', ({ time }) => time > elected.time + 2_000_000);
  const bands = page.locator('.timeline .reign');
  await until('bands of 5 and 4', async () => (await bands.count()) === 2);
  assert.match((await bands.allInnerTexts()).join(' '), /^5/);
  // The log's own sentence, for keyboard and pointer.
  await timeline(page).focus();
  assert.match(await told(page).innerText(), /Node 4/);
  assert.equal(await timeline(page).getAttribute('aria-description'), await told(page).innerText());
  await page.evaluate(() => document.activeElement.blur());
  assert.equal(await told(page).count(), 0);
  const cross = await page.locator('.timeline .mark.broken').first().boundingBox();
  await page.mouse.move(cross.x + cross.width / 2, cross.y + 20);
  await until('the crash is told', async () => /Node 5 crashes/.test(await told(page).innerText()));
  assert.deepEqual(complaints, []);
  await close();
});

test('time stops at the chosen moments', async () => {
  const { page, complaints, close } = await open(browser, { fragment: BULLY, paused: true });
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('g');
  await page.getByRole('checkbox', { name: 'new leader' }).check();
  await page.keyboard.press('Escape');
  await strike(page, 5).click();
  await speed(page, 4);
  await play(page);
  await button(page, 'Play').waitFor();
  await page.getByText(/^Stopped at [\d.]+ s: Node 4 thinks it is the leader\./).first().waitFor();
  const stopped = await frame(page);
  assert.deepEqual(leaders(stopped), [4]);
  // At the event itself: one step back, it is not the leader.
  await button(page, 'Step back').click();
  assert.deepEqual(leaders(await frame(page)), []);
  assert.deepEqual(complaints, []);
  await close();
});

test('a time or an event can be typed', async () => {
  const { page, close } = await open(browser, { paused: true });
  await button(page, 'Go to, stop at').click();
  const field = page.getByLabel('Go to a time or an event');
  await field.fill('7.5');
  await field.press('Enter');
  assert.equal(await now(page), 7_500_000);
  await field.fill('#12');
  await field.press('Enter');
  assert.equal(await events(page), 12);
  await field.fill('soon');
  await field.press('Enter');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  assert.equal(await events(page), 12);
  await button(page, 'New seed').click();
  const [seed, trace] = [await events(page), await traceHash(page)];
  assert.ok(seed >= 0 && trace);
  await close();
});
