// The pages that need a script, with their own content security policy in force: a response that posts itself, the
// frame that a client asks, and a sign-out that waits for frames. The client is a server of the test's own: a page that
// is only made up counts as one of the public net, which may not frame what is on this device.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, signIn, watch } from './chromium.js';
import { issuer, person, register, startHouse } from './harness.js';

const app = 'http://localhost:3000';
let house;
let browser;
let clientId;
let context;
let page;
let complaints;
let seen; // requests that reached the client
let hangs; // does it leave the frame of a sign-out without an answer?

const client = createServer(async (request, response) => {
  const url = new URL(request.url, app);
  seen.push({ method: request.method, url, body: await text(request) });
  if (hangs && url.pathname === '/out') return;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<!DOCTYPE html><html lang="en"><title>app</title><link rel="icon" href="data:,"><p>the app</p>');
});

before(async () => {
  house = await startHouse({ environment: { CLAVIGER_REGISTRATION__PROFILE: 'oidc_compat' } });
  await register();
  await new Promise((resolve) => client.listen(3000, 'localhost', resolve));
  browser = await launch();
  const answer = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Garden club',
      redirect_uris: [`${app}/callback`],
      post_logout_redirect_uris: [`${app}/bye`],
      frontchannel_logout_uri: `${app}/out`,
      frontchannel_logout_session_required: true,
    }),
  });
  const made = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(made));
  clientId = made.client_id;
});
after(async () => {
  await browser?.close();
  client.closeAllConnections();
  client.close();
  await house?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en' });
  complaints = watch(context, [issuer, app]);
  seen = [];
  hangs = false;
  page = await context.newPage();
});
afterEach(async () => {
  await context.close();
});

const authorizeUrl = (changes = {}) =>
  `${issuer}/authorize?${new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: `${app}/callback`,
    scope: 'openid email',
    state: 'a "quoted" <state>',
    ...changes,
  })}`;

async function visit(changes) {
  await page.goto(authorizeUrl(changes));
  await page.waitForSelector('#login-submit');
  await signIn(page, person);
  await page.waitForURL(/\/consent|localhost:3000/);
  if (await page.$('#consent-approve')) await page.click('#consent-approve');
  await page.waitForURL(`${app}/callback**`);
}

test('C5.16: a response posts itself to the client', async () => {
  await visit({ response_mode: 'form_post' });
  const arrived = seen.find(({ url }) => url.pathname === '/callback');
  assert.equal(arrived.method, 'POST');
  assert.equal(arrived.url.search, '');
  const fields = new URLSearchParams(arrived.body);
  assert.equal(fields.get('state'), 'a "quoted" <state>');
  assert.ok(fields.get('code'));
  assert.equal(fields.get('iss'), issuer);
  assert.deepEqual(complaints, []);
});

test('C5.16: without scripts a button does it', async () => {
  await context.close();
  context = await browser.newContext({ locale: 'en', javaScriptEnabled: false });
  page = await context.newPage();
  await page.goto(authorizeUrl({ response_mode: 'form_post', prompt: 'consent' }));
  await signIn(page, person);
  await page.click('#consent-approve');
  await page.click('#form-post button');
  await page.waitForURL(`${app}/callback`);
  const arrived = seen.find(({ url }) => url.pathname === '/callback');
  assert.ok(new URLSearchParams(arrived.body).get('code'));
});

// What the client's own page hears from the frame.
const asked = (message) =>
  page.evaluate(
    ([at, text]) =>
      new Promise((resolve) => {
        setTimeout(() => resolve('no answer'), 5000);
        addEventListener('message', (event) => resolve([event.origin, event.data]), { once: true });
        const frame = document.createElement('iframe');
        frame.onload = () => frame.contentWindow.postMessage(text, new URL(at).origin);
        frame.src = at;
        document.body.append(frame);
      }),
    [`${issuer}/session/check`, message],
  );

test('C15.7, OIDCSM-4.2: the frame tells a client that the sign-in changed', async () => {
  await visit();
  const state = new URL(page.url()).searchParams.get('session_state');
  assert.ok(state, page.url());
  assert.deepEqual(await asked(`${clientId} ${state}`), [issuer, 'unchanged']);
  assert.deepEqual(await asked(`another ${state}`), [issuer, 'changed']);
  assert.deepEqual(await asked('no question'), [issuer, 'error']);
  const other = await context.newPage();
  await other.goto(`${issuer}/logout`);
  await other.click('#logout-confirm');
  await other.waitForSelector('#logged-out');
  assert.deepEqual(await asked(`${clientId} ${state}`), [issuer, 'changed']);
  assert.deepEqual(complaints, []);
});

test('C15.5, OIDCFC-3: a sign-out tells the client in a frame and goes on', async () => {
  await visit();
  await page.goto(`${issuer}/logout`);
  await page.click('#logout-confirm');
  await page.waitForSelector('#logged-out');
  assert.equal(await page.textContent('#logged-out'), 'You are signed out');
  const told = seen.find(({ url }) => url.pathname === '/out');
  assert.ok(told, 'the client was not told');
  assert.deepEqual([...told.url.searchParams.keys()].sort(), ['iss', 'sid']);
  assert.equal(told.url.searchParams.get('iss'), issuer);
  assert.deepEqual(complaints, []);
});

test('C15.5: a frame that hangs holds nobody up for long', async () => {
  await visit();
  hangs = true;
  await page.goto(`${issuer}/logout`);
  await page.click('#logout-confirm', { noWaitAfter: true });
  await page.waitForSelector('#logged-out');
});
