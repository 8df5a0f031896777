// Contact sheets: every scenario as a person meets it, played for some seconds, at each size. Made by
// `cargo xtask e2e --pictures [FILTER]`; a filter is a comma list of parts of names.
//   FAULTLINE_SIZES    desktop,projector,tablet,phone
//   FAULTLINE_SECONDS  how long each one plays before its picture is taken

import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { launch, open, SIZES, THEMES, until } from './page.mjs';

const FORMATS = {
  desktop: { viewport: SIZES.desktop, stored: THEMES.light, columns: 3 },
  projector: { viewport: { width: 1920, height: 1080 }, stored: THEMES.projector, columns: 3 },
  tablet: { viewport: SIZES.tablet, stored: THEMES.light, columns: 5 },
  phone: { viewport: SIZES.phone, stored: THEMES.light, columns: 7 },
};
const ON_A_SHEET = 12;

const list = (name, usual) => (process.env[name] ?? usual).split(',').filter(Boolean);
const sizes = list('FAULTLINE_SIZES', Object.keys(FORMATS).join(','));
const filters = list('FAULTLINE_FILTER', '');
const seconds = Number(process.env.FAULTLINE_SECONDS ?? 3);
const folder = path.join(process.env.FAULTLINE_SCREENSHOTS, 'sheets');
await mkdir(folder, { recursive: true });

const browser = await launch();
for (const size of sizes) {
  const { columns, ...context } = FORMATS[size];
  const pictures = [];
  for (const scenario of await scenarios(context)) {
    const { page, close } = await open(browser, { ...context, paced: true, fragment: `#${scenario}` });
    await until('it plays', () => page.evaluate(() => window.__faultline.now() >= 0));
    const play = page.getByRole('button', { name: 'Play', exact: true });
    if (await play.isVisible()) await play.click();
    await page.waitForTimeout(seconds * 1000);
    const file = path.join(folder, `${size}-${scenario.replace('/', '-')}.png`);
    await page.screenshot({ path: file });
    pictures.push({ scenario, file });
    await close();
  }
  for (let from = 0; from < pictures.length; from += ON_A_SHEET) {
    const number = 1 + from / ON_A_SHEET;
    await sheet(pictures.slice(from, from + ON_A_SHEET), columns, `${size}-${number}`);
  }
}
await browser.close();

async function scenarios(context) {
  const { page, close } = await open(browser, context);
  const all = await page.evaluate(() => window.wasmBindings.Simulation.list());
  await close();
  const names = all.flatMap(({ id, scenarios }) => scenarios.map((one) => `${id}/${one.id}`));
  return names.filter((name) => !filters.length || filters.some((part) => name.includes(part)));
}

// Pictures beside each other, each under its name.
async function sheet(pictures, columns, name) {
  const width = 600;
  const page = await browser.newPage({ viewport: { width: columns * width, height: 400 } });
  const cells = await Promise.all(
    pictures.map(async ({ scenario, file }) => {
      const data = (await readFile(file)).toString('base64');
      return `<figure><figcaption>${scenario}</figcaption><img src="data:image/png;base64,${data}"></figure>`;
    }),
  );
  await page.setContent(
    `<style>body{margin:0;display:flex;flex-wrap:wrap;font:16px sans-serif}
     figure{margin:4px;width:${width - 8}px}img{width:100%;border:1px solid #888}</style>${cells.join('')}`,
  );
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.screenshot({ path: path.join(folder, `sheet-${name}.png`), fullPage: true });
  await page.close();
  console.log(`sheet-${name}.png`);
}
