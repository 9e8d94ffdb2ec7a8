// Every page: nothing for axe to find, light and dark, English and German; no sideways scrolling on a narrow screen;
// nothing fetched from elsewhere, nothing that its own content security policy has to stop.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, launch, looks, watch } from './chromium.js';
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

// Colours don't depend on the width, nor does the layout on the colours: each is seen once. German words are the longer
// ones: seen where there is the least room for them.
const locales = { 'light-wide': 'en', 'dark-narrow': 'en', 'light-narrow': 'de' };
const variants = looks.filter(({ name }) => name in locales).map((look) => ({ locale: locales[look.name], ...look }));

for (const { name: look, locale, ...options } of variants) {
  test(`every page in ${locale}, ${look}`, async (t) => {
    const context = await browser.newContext({ ...options, locale, reducedMotion: 'reduce' });
    const complaints = watch(context, [issuer, demo]);
    const page = await context.newPage();
    for (const { name, open } of pages) {
      await t.test(name, async () => {
        await open(page);
        await assertAccessible(page, name);
        await assertNoSidewaysScroll(page, name);
        if (page.url().startsWith(issuer)) assert.equal(await page.getAttribute('html', 'lang'), locale);
      });
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
