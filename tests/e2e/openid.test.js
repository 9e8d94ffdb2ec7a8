// OpenID Connect, the device and every way out, in the browser, through the demo client on port 3000.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, signIn, watch } from './chromium.js';
import { demo, issuer, person, startHouse } from './harness.js';

let house;
let browser;
before(async () => {
  house = await startHouse({ withDemo: true, environment: { CLAVIGER_RATES__LOGIN_PER_SECOND: '50' } });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

async function signInWithOpenId(page) {
  await page.goto(demo);
  await page.click('#sign-in-openid');
  await page.waitForSelector('#login-submit, #consent-approve, #identity');
  if (await page.$('#login-submit')) await signIn(page, person);
  await page.waitForSelector('#consent-approve, #identity');
  if (await page.$('#consent-approve')) await page.click('#consent-approve');
  await page.waitForSelector('#identity');
}

async function approveDevice(page) {
  await page.waitForSelector('#login-submit, #device-submit, #device-approve');
  if (await page.$('#login-submit')) await signIn(page, person);
  await page.waitForSelector('#device-submit, #device-approve');
  if (await page.$('#device-submit')) await page.click('#device-submit');
  await page.click('#device-approve');
}

const notice = async (page) => (await page.waitForSelector('#notice')).textContent();

describe('with OpenID Connect', () => {
  let context;
  let page;
  let complaints;
  before(async () => {
    context = await browser.newContext({ locale: 'en' });
    complaints = watch(context, [issuer, demo]);
    page = await context.newPage();
  });
  after(() => context.close());

  test('signs in: the ID token is verified and its claims are told (C4.1)', async () => {
    await signInWithOpenId(page);
    await page.click('#identity summary');
    const claims = await page.textContent('#identity');
    for (const part of [issuer, 'the issuer that this client asked', 'nonce', 'at_hash']) {
      assert.ok(claims.includes(part), part);
    }
    assert.ok((await page.textContent('#diagram')).includes('/.well-known/openid-configuration'));
  });

  test('asks UserInfo', async () => {
    await page.click('#ask-userinfo');
    await page.waitForSelector('#userinfo');
    assert.ok((await page.textContent('#userinfo')).includes(person.email));
  });

  test('refreshes and calls the API with what it got', async () => {
    await page.click('#refresh');
    assert.match(await notice(page), /Fresh tokens/);
  });

  test('exchanges its token once an operator allows it (TX-01)', async () => {
    await page.click('#exchange');
    assert.match(await notice(page), /unauthorized_client/);
    const [program, ...words] = (await page.textContent('#command')).split(' ');
    assert.equal(program, 'claviger');
    await house.operator(...words);
    await page.click('#exchange');
    await page.waitForSelector('#exchanged');
    const told = await page.textContent('#exchanged');
    assert.match(told, /scope\s*email\s*act\s*\{/);
  });

  for (const [button, words] of [
    ['break-audience', /invalid_token/],
    ['break-nonce', /its nonce is not the one/],
    ['break-state', /This answer came too late/],
    ['break-code', /invalid_grant/],
  ]) {
    test(`#${button} is refused and explained`, async () => {
      await page.click(`#${button}`);
      await page.waitForURL(`${demo}/**`);
      assert.match(await notice(page), words);
    });
  }

  test('nothing was fetched from elsewhere and no policy was broken', () => assert.deepEqual(complaints, []));
});

test('the device gets its tokens while its page is open (RFC8628-3.5)', async () => {
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  await page.goto(demo);
  await page.click('#device-start');
  assert.match(await page.textContent('#device-code'), /^[A-Z]{4}-[A-Z]{4}$/);
  const phone = await context.newPage();
  await phone.goto(await page.getAttribute('#device-link', 'href'));
  await approveDevice(phone);
  await page.getByText('The device is connected').waitFor();
  assert.ok((await page.textContent('#diagram')).includes('/device_authorization'));
  await context.close();
});

test('the device works without JavaScript: the page loads itself again', async () => {
  const context = await browser.newContext({ locale: 'en', javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(demo);
  await page.click('#device-start');
  const phone = await context.newPage();
  await phone.goto(await page.getAttribute('#device-link', 'href'));
  await approveDevice(phone);
  await page.getByText('The device is connected').waitFor();
  await context.close();
});

describe('signing out', () => {
  let context;
  let complaints;
  before(async () => {
    context = await browser.newContext({ locale: 'en' });
    complaints = watch(context, [issuer, demo]);
  });
  after(() => context.close());

  test('everywhere: another open page learns it on both channels, live (C15.5, C15.6)', async () => {
    const open = await context.newPage();
    await signInWithOpenId(open);
    const leaving = await context.newPage();
    await leaving.goto(demo);
    await leaving.click('#sign-out-everywhere');
    await leaving.waitForSelector('#logout-confirm, #notice');
    if (await leaving.$('#logout-confirm')) await leaving.click('#logout-confirm');
    await leaving.waitForURL(`${demo}/**`);
    assert.match(await notice(leaving), /Signed out everywhere/);
    await open.locator('#live').getByText('on the front channel').waitFor();
    await open.locator('#live').getByText('on the back channel').waitFor();
    assert.equal(await open.isVisible('#actions'), false);
    await open.click('#live a');
    await open.waitForSelector('#sign-in');
    const diagram = await open.textContent('#diagram');
    for (const path of ['/logout', '/frontchannel-logout', '/backchannel-logout', '/signed-out']) {
      assert.ok(diagram.includes(path), path);
    }
  });

  test('at Claviger alone, the page says so after a reload (C15.6)', async () => {
    const page = await context.newPage();
    await signInWithOpenId(page);
    await page.goto(`${issuer}/logout`);
    await page.click('#logout-confirm');
    await page.waitForSelector('#logged-out');
    await page.goto(demo);
    await page.waitForSelector('#sign-in');
    assert.match(await notice(page), /Claviger ended this sign-in/);
  });

  test('a forged logout token ends nothing (FE-17)', async () => {
    const page = await context.newPage();
    await signInWithOpenId(page);
    const answer = await fetch(`${demo}/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: 'eyJhbGciOiJub25lIn0.e30.' }),
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    await page.goto(demo);
    await page.waitForSelector('#identity');
  });

  test('nothing was fetched from elsewhere and no policy was broken', () => assert.deepEqual(complaints, []));
});
