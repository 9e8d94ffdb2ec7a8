// What a person does in the browser, through the demo client on port 3000.
import assert from 'node:assert/strict';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { launch, signIn, watch } from './chromium.js';
import { client, demo, issuer, person, register, startHouse } from './harness.js';

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

const authorizeUrl = (state, changes = {}) =>
  `${issuer}/authorize?${new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: 'username email',
    state,
    ...changes,
  })}`;

// What the server sent to the client's redirect URI, for requests that the demo client did not begin. It answers them
// with a page about a state that it does not know.
function catchRedirects(context) {
  const caught = [];
  context.on('request', (request) => {
    if (request.url().startsWith(`${client.redirectUri}?`)) caught.push(new URL(request.url()));
  });
  return caught;
}

const leaves = (page) => page.waitForURL(`${demo}/**`);

// Nothing is registered when a newcomer clicks the first link: the demo client sees to that.
describe('through the demo client', () => {
  let context;
  let page;
  let complaints;
  before(async () => {
    context = await browser.newContext({ locale: 'en' });
    complaints = watch(context, [issuer, demo]);
    page = await context.newPage();
  });
  after(() => context.close());

  const shows = (text) => page.getByText(text).first().waitFor();

  test('signs in and consents', async () => {
    await page.goto(demo);
    await page.click('#sign-in');
    await page.waitForURL(`${issuer}/login**`);
    assert.equal(await page.textContent('h1'), 'Sign in');
    await signIn(page, person);
    await page.waitForURL(`${issuer}/consent**`);
    await page.click('#consent-approve');
    await page.waitForURL(`${demo}/**`);
    await page.waitForSelector('#call-api');
    await page.waitForSelector('#diagram');
    // The code has left the address bar, or was used up by the time anyone could read it.
    assert.ok((await page.textContent('#diagram')).includes('/token'));
  });

  test('calls the API', async () => {
    await page.click('#call-api');
    await page.waitForSelector('#api-result');
    assert.ok((await page.textContent('#api-result')).includes(person.email));
  });

  test('refreshes', async () => {
    await page.click('#refresh');
    await page.waitForFunction(() => document.querySelector('#diagram')?.textContent.includes('refresh'));
    await page.click('#call-api');
    await page.waitForSelector('#api-result');
    assert.ok((await page.textContent('#api-result')).includes(person.email));
  });

  for (const [button, error] of [
    ['break-secret', 'invalid_client'],
    ['break-token', 'invalid_token'],
    ['break-code', 'invalid_grant'],
  ]) {
    test(`#${button} ends in the server’s ${error}`, async () => {
      await page.click(`#${button}`);
      await shows(error);
    });
  }

  test('#break-redirect ends on the server’s own error page, which explains itself (RU-11)', async () => {
    await page.goto(demo);
    await page.click('#break-redirect');
    const code = page.locator('#error-code');
    await code.or(page.getByText('invalid_redirect_uri')).first().waitFor();
  });

  test('signs in again without a second consent, then breaks the refresh chain (RT-01)', async () => {
    await page.goto(demo);
    if (await page.$('#sign-in')) {
      await page.click('#sign-in');
      await page.waitForURL(`${demo}/**`);
    }
    await page.waitForSelector('#break-refresh');
    await page.click('#break-refresh');
    await shows('invalid_grant');
  });

  test('signs out', async () => {
    await page.goto(demo);
    await page.click('#sign-out');
    await page.waitForSelector('#logout-confirm, #logged-out, #sign-in');
    if (await page.$('#logout-confirm')) {
      await page.click('#logout-confirm');
      await page.waitForSelector('#logged-out');
    }
    await page.goto(demo);
    await page.waitForSelector('#sign-in');
  });

  test('nothing was fetched from elsewhere and no policy was broken', () => assert.deepEqual(complaints, []));
});

describe('at the server’s pages', () => {
  let context;
  let page;
  let caught;
  before(register);
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'en' });
    caught = catchRedirects(context);
    page = await context.newPage();
  });
  afterEach(() => context.close());

  test('a wrong password shows one generic message, then the right one works (PW-01)', async () => {
    await page.goto(authorizeUrl('wrong', { prompt: 'consent' }));
    await signIn(page, { username: person.username, password: 'wrong-horse-7' });
    const known = await page.textContent('[role=alert]');
    await signIn(page, { username: 'nobody-of-that-name', password: 'wrong-horse-7' });
    assert.equal(await page.textContent('[role=alert]'), known);
    await signIn(page, { username: person.email, password: person.password });
    await page.click('#consent-approve');
    await leaves(page);
    assert.ok(caught[0].searchParams.get('code'));
  });

  test('cancelling the login tells the client access_denied, with state and iss (CI-13)', async () => {
    await page.goto(authorizeUrl('cancelled'));
    await page.click('#login-cancel');
    // Nobody signed in and the client registered itself, yet the person's own word is passed on (OX-06).
    await leaves(page);
    assert.equal(caught[0].searchParams.get('error'), 'access_denied');
    assert.equal(caught[0].searchParams.get('state'), 'cancelled');
    assert.equal(caught[0].searchParams.get('iss'), issuer);
  });

  test('refusing consent tells the client access_denied', async () => {
    await page.goto(authorizeUrl('denied', { prompt: 'consent' }));
    await signIn(page, person);
    await page.click('#consent-deny');
    await leaves(page);
    assert.equal(caught[0].searchParams.get('error'), 'access_denied');
    assert.equal(caught[0].searchParams.get('state'), 'denied');
    assert.equal(caught[0].searchParams.get('code'), null);
  });

  test('two tabs are two transactions: each ends with its own state', async () => {
    const other = await context.newPage();
    await page.goto(authorizeUrl('first', { prompt: 'consent' }));
    await other.goto(authorizeUrl('second', { prompt: 'consent' }));
    await signIn(page, person);
    await page.waitForSelector('#consent-approve');
    await signIn(other, person);
    await other.waitForSelector('#consent-approve');
    await page.click('#consent-approve');
    await leaves(page);
    assert.deepEqual(caught.map((url) => url.searchParams.get('state')), ['first']);
    await other.click('#consent-approve');
    await leaves(other);
    assert.deepEqual(caught.map((url) => url.searchParams.get('state')), ['first', 'second']);
  });

  test('the address of a login page is worth nothing in another browser (CI-28)', async () => {
    await page.goto(authorizeUrl('swapped'));
    const stranger = await browser.newContext({ locale: 'en' });
    const elsewhere = await stranger.newPage();
    await elsewhere.goto(page.url());
    assert.equal(await elsewhere.$('#login-submit'), null);
    assert.equal(await elsewhere.textContent('h1'), 'Please start again');
    await stranger.close();
  });

  test('the keyboard alone is enough', async () => {
    await page.goto(authorizeUrl('keys', { prompt: 'consent' }));
    await page.focus('#username');
    await page.keyboard.type(person.username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#consent-approve');
    await page.focus('#consent-approve');
    await page.keyboard.press('Enter');
    await leaves(page);
  });
});

test('login and consent work with JavaScript switched off', async () => {
  await register();
  const context = await browser.newContext({ locale: 'en', javaScriptEnabled: false });
  const caught = catchRedirects(context);
  const page = await context.newPage();
  await page.goto(authorizeUrl('no-script', { prompt: 'consent' }));
  await signIn(page, person);
  await page.click('#consent-approve');
  await leaves(page);
  assert.equal(caught[0].searchParams.get('state'), 'no-script');
  assert.ok(caught[0].searchParams.get('code'));
  await context.close();
});
