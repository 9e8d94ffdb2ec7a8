// ./dev screenshots: every page, light and dark, wide and narrow, English and German, as PNG files.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launch, looks } from './chromium.js';
import { register, startHouse } from './harness.js';
import { pages } from './pages.js';

const folder = path.resolve(process.argv[2] ?? 'build/screenshots');
const house = await startHouse({ withDemo: true, environment: { CLAVIGER_RATES__LOGIN_PER_SECOND: '50' } });
const browser = await launch();
let taken = 0;
try {
  await register();
  for (const locale of ['en', 'de']) {
    for (const { name: look, ...options } of looks) {
      const context = await browser.newContext({ ...options, locale, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const place = path.join(folder, `${locale}-${look}`);
      await mkdir(place, { recursive: true });
      for (const { name, open } of pages) {
        await open(page);
        await page.screenshot({ path: path.join(place, `${name}.png`), fullPage: true });
        taken += 1;
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await house.stop();
}
console.log(`${taken} pictures in ${folder}`);
