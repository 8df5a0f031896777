// The same acts by mouse, by finger and by keyboard. The keyboard uses only keys, the others only the
// pointer.

import { atRest, button, frame, leaders, node, stage, strike, tab, until } from './page.mjs';

const tickBox = (page, id) =>
  stage(page).getByRole('checkbox', { name: new RegExp(`^Node ${id}\\b`) });
const glyph = (page, address) => page.locator(`.flight [data-message="${address}"] .outline`);
const form = (page) => page.getByRole('group', { name: 'Send a request', exact: true });

// The common part of all pointers; `hit` is a click or a tap.
function pointer(page, hit) {
  const press = (name) => hit(button(page, name).first());
  const hand = {
    press,
    strike: (id) => hit(strike(page, id)),
    inspect: (id) => hit(node(page, id)),
    step: () => press('Step forward'),
    tab: async (name) => {
      if (!(await tab(page, name).isVisible())) await press('Panels');
      await hit(tab(page, name));
    },
    choose: (label, value) => page.getByLabel(label).selectOption(value),
    // Isolates nodes.
    isolate: async (ids) => {
      await press('More faults');
      await press('Tick nodes');
      for (const id of ids) await hit(tickBox(page, id));
      await press('Isolate');
    },
    sides: async (...sides) => {
      for (const ids of sides) await hand.isolate(ids);
    },
    mute: async (from, to) => {
      await press('More faults');
      await page.getByLabel('Sender').selectOption(`${from}`);
      await page.getByLabel('Receiver').selectOption(`${to}`);
      await press(`${to} hears nothing from ${from}`);
      await press('Close');
    },
    // Presses a button in the menu of a message in flight.
    message: async (address, verb) => {
      await hit(glyph(page, address));
      const menu = page.locator('.message-menu');
      await hit(menu.getByRole('button', { name: verb, exact: true }));
      await hit(menu.getByRole('button', { name: 'Close', exact: true }));
    },
    write: async (id, value) => {
      await press('Request');
      await form(page).getByLabel('to node').selectOption(`${id}`);
      await form(page).getByLabel('value').fill(value);
      await hit(form(page).getByRole('button', { name: 'Write a value', exact: true }));
      await hit(form(page).getByRole('button', { name: 'Close', exact: true }));
    },
    remove: async (id) => {
      if (!(await button(page, 'Add node').isVisible())) await press('More faults');
      await page.getByLabel('Node to remove').selectOption(`${id}`);
      await press(`Remove node ${id}`);
      await press('Close');
    },
    add: async () => {
      await press('More faults');
      await press('Add node');
      await press('Close');
    },
    play: () => press('Play'),
    pause: () => press('Pause'),
  };
  return hand;
}

// The mouse draws partitions as lines over the stage.
export function mouse(page) {
  const hand = pointer(page, (target) => target.click());
  const middle = async (id) => {
    const body = stage(page).locator(`[data-node="${id}"] .shape`);
    const { x, y, width, height } = await body.boundingBox();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const between = (a, b, part = 0.5) => ({
    x: a.x + (b.x - a.x) * part,
    y: a.y + (b.y - a.y) * part,
  });
  // From one gap between two nodes of the ring to another, and a little further at both ends.
  const line = async ([a, b], [c, d]) => {
    await atRest(page);
    const from = between(await middle(a), await middle(b));
    const to = between(await middle(c), await middle(d));
    const [start, end] = [between(from, to, -0.12), between(from, to, 1.12)];
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    for (let step = 1; step <= 12; step += 1) {
      const at = between(start, end, step / 12);
      await page.mouse.move(at.x, at.y);
    }
    await page.mouse.up();
  };
  // A side is a contiguous part of the ring of five, so the line goes around it. Sides stand apart: a
  // line is drawn between those who are still together.
  const before = (id) => ((id + 3) % 5) + 1;
  const behind = (id) => (id % 5) + 1;
  hand.sides = async (...sides) => {
    for (const ids of sides) {
      const [first, last] = [ids[0], ids[ids.length - 1]];
      const own = (await frame(page)).sides.find((side) => side.includes(first)) ?? [1, 2, 3, 4, 5];
      const others = own.filter((id) => !ids.includes(id));
      const beside = (id) => (others.includes(id) ? id : others[0]);
      await line([beside(before(first)), first], [last, beside(behind(last))]);
    }
  };
  return hand;
}

// A finger ticks nodes.
export const finger = (page) => pointer(page, (target) => target.tap());

// Keys alone.
export function keyboard(page) {
  const keys = async (...all) => {
    for (const key of all) await page.keyboard.press(key);
  };
  const focused = () =>
    page.evaluate(() => {
      const element = document.activeElement;
      const name = element.getAttribute('aria-label') ?? element.textContent.trim();
      const item = element.dataset.messageItem ?? '';
      const label = element.labels?.[0]?.textContent.trim() ?? '';
      const region = element.closest('[data-region]')?.dataset.region ?? 'top';
      return { region, name, item, label };
    });
  // Presses Tab until the wanted element has the focus.
  const reach = async (what, wanted, most = 160) => {
    for (let i = 0; i < most; i += 1) {
      if (wanted(await focused())) return;
      await keys('Tab');
    }
    throw new Error(`Tab never reaches ${what}`);
  };
  const named = (name) => reach(name, (here) => here.name === name);
  const press = async (name) => {
    await named(name);
    await keys('Enter');
  };
  // Down a list of choices, from the first one.
  const choose = async (label, value) => {
    await reach(label, (here) => here.name === label || here.label.startsWith(label));
    await keys('Home');
    for (let i = 0; i < 12; i += 1) {
      const now = await page.evaluate(() => document.activeElement.value);
      if (now === `${value}`) return;
      await keys('ArrowDown');
    }
    throw new Error(`${label} cannot be set to ${value}`);
  };
  // Back to a node of the stage, where every action starts. F6 leaves a field, which keeps its digits.
  const at = async (id) => {
    await keys('Escape');
    for (let i = 0; i < 6; i += 1) {
      const field = await page.evaluate(() => document.activeElement.matches('input, select'));
      if (!field) break;
      await keys('F6');
    }
    await keys(`${id}`);
  };
  return {
    press,
    strike: async (id) => {
      await at(id);
      await keys('x');
    },
    inspect: async (id) => {
      await at(id);
      await keys('Enter');
    },
    step: async () => {
      if ((await focused()).name !== 'Step forward') await named('Step forward');
      await keys('Enter');
    },
    tab: async (name) => {
      const bar = page.getByRole('tablist', { name: 'Panels' });
      if (!(await bar.isVisible())) await press('Panels');
      const names = ['Inspect', 'Log', 'Measures', 'Settings'];
      await reach('the tabs', (here) => here.region === 'panels' && names.includes(here.name));
      for (let i = 0; i < 4 && (await focused()).name !== name; i += 1) await keys('ArrowRight');
    },
    choose,
    isolate: (ids) => isolate(ids),
    sides: async (...sides) => {
      for (const ids of sides) await isolate(ids);
    },
    mute: async (from, to) => {
      await at(from);
      await keys('Shift+K', `${to}`, 'Enter');
    },
    message: async (address, verb) => {
      await reach('the messages', (here) => here.item !== '');
      for (let i = 0; i < 60 && (await focused()).item !== address; i += 1) {
        await keys('ArrowDown');
      }
      await keys('Enter');
      await page.locator('.message-menu').waitFor();
      await press(verb);
      await keys('Escape');
    },
    write: async (id, value) => {
      await at(id);
      await keys('e');
      await form(page).waitFor();
      await reach('the value', (here) => here.label.startsWith('value'));
      await keys('Control+a');
      await page.keyboard.type(value);
      await keys('Enter');
      await keys('Escape');
    },
    remove: async (id) => {
      await press('More faults');
      await choose('Node to remove', id);
      await press(`Remove node ${id}`);
      await keys('Escape');
    },
    add: async () => {
      await press('More faults');
      await press('Add node');
      await keys('Escape');
    },
    play: async () => {
      await at(1);
      await keys('.');
    },
    pause: async () => {
      await at(1);
      await keys('.');
    },
  };

  async function isolate(ids) {
    await at(ids[0]);
    await keys('s');
    for (const id of ids) await keys(`${id}`, 'Space');
    await keys('Enter');
  }
}

// Steps event by event until the run is as wanted: the same on any machine.
export async function stepTo(page, hand, what, wanted, most = 500) {
  for (let i = 0; i < most; i += 1) {
    const seen = await frame(page);
    if (wanted(seen)) return seen;
    await hand.step();
  }
  throw new Error(`this never happened in ${most} steps: ${what}`);
}

// The one leader, after a majority has its entry.
export const leader = async (page) => {
  const [one] = await until('somebody leads', async () => {
    const all = leaders(await frame(page));
    return all.length === 1 && all;
  });
  return one;
};
