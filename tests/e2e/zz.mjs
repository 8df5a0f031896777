// usage: node zz.mjs SIZE[,SIZE] scenario@micros[:command;command][+form=row] ...
import { launch, open, goToInstant, THEMES, address } from './page.mjs';
const sizes = { d: [{ width: 1280, height: 720 }, 'light'], j: [{ width: 1920, height: 1080 }, 'projector'], t: [{ width: 768, height: 1024 }, 'light'], p: [{ width: 390, height: 844 }, 'light'], k: [{ width: 1280, height: 720 }, 'dark'] };
const [, , which, ...shots] = process.argv;
const browser = await launch();
for (const key of which.split(',')) {
  const [viewport, theme] = sizes[key];
  const { page, complaints } = await open(browser, { viewport, stored: THEMES[theme], paused: true });
  for (const shot of shots) {
    const [name, rest = '0'] = shot.split('@');
    const [instant, commands] = rest.split(':');
    try {
      await goToInstant(page, name, Number(instant), commands ? commands.split(';') : []);
    } catch (e) { console.log(shot, String(e).slice(0, 300)); continue; }
    await page.waitForTimeout(700);
    await page.screenshot({ path: `/tmp/look/${name.replace('/', '-')}-${instant}${commands ? '-c' : ''}-${key}.png` });
  }
  if (complaints.length) console.log(complaints.slice(0, 5));
}
await browser.close();
