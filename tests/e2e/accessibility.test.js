// Every page: nothing for axe to find, light and dark, English and German; no sideways scrolling on a narrow screen;
// nothing fetched from elsewhere, nothing that its own content security policy has to stop.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, assertReadableInTheDark, launch, looks, watch } from './chromium.js';
import { demo, issuer, register, startHouse } from './harness.js';
import { pages } from './pages.js';

let house;
let browser;
before(async () => {
  house = await startHouse({ withDemo: true, environment: { CLAVIGER_RATES__LOGIN_PER_SECOND: '50' } });
  await register();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

// Each page is met once in either language, German where there is the least room: its words are the longer ones. The
// colours of the dark are looked at on the same visit, since nothing else of a page depends on them.
const visits = [
  { locale: 'en', look: 'light-wide', dark: true },
  { locale: 'de', look: 'light-narrow', dark: false },
];

for (const { locale, look, dark } of visits) {
  test(`every page in ${locale}, ${look}`, async (t) => {
    const { name: _, ...options } = looks.find(({ name }) => name === look);
    const context = await browser.newContext({ ...options, locale, reducedMotion: 'reduce' });
    const complaints = watch(context, [issuer, demo]);
    const page = await context.newPage();
    for (const { name, open } of pages) {
      await t.test(name, async () => {
        await open(page);
        await assertAccessible(page, name);
        await assertNoSidewaysScroll(page, name);
        if (page.url().startsWith(issuer)) assert.equal(await page.getAttribute('html', 'lang'), locale);
        if (dark) await assertReadableInTheDark(page, name);
      });
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
