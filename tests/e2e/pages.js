// Every page that a person can meet, and how to get there: for the accessibility test and for the screenshots.
import { client, demo, issuer, person } from './harness.js';
import { signIn } from './chromium.js';

const authorizeUrl = (changes = {}) =>
  `${issuer}/authorize?${new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    redirect_uri: client.redirectUri,
    scope: 'username email phone',
    state: 'pages',
    ...changes,
  })}`;

async function openLogin(page, changes) {
  await page.goto(authorizeUrl(changes));
  await page.waitForSelector('#login-submit');
}

async function openDemoSignedIn(page) {
  await page.goto(`${demo}/`);
  await page.click('#sign-in');
  await page.waitForSelector('#login-submit, #consent-approve, #call-api');
  if (await page.$('#login-submit')) await signIn(page, person);
  await page.waitForSelector('#consent-approve, #call-api');
  if (await page.$('#consent-approve')) await page.click('#consent-approve');
  await page.waitForSelector('#call-api');
}

async function openDemoWithOpenId(page) {
  await page.goto(`${demo}/`);
  await page.click('#sign-in-openid');
  await page.waitForSelector('#login-submit, #consent-approve, #identity');
  if (await page.$('#login-submit')) await signIn(page, person);
  await page.waitForSelector('#consent-approve, #identity');
  if (await page.$('#consent-approve')) await page.click('#consent-approve');
  await page.waitForSelector('#identity');
}

// In this order, in one browser context that begins signed out.
export const pages = [
  { name: 'home', open: (page) => page.goto(`${issuer}/`) },
  { name: 'login', open: openLogin },
  {
    name: 'login-failed',
    async open(page) {
      await openLogin(page);
      await signIn(page, { username: person.username, password: 'wrong-horse-7' });
      await page.waitForSelector('[role=alert]');
    },
  },
  {
    name: 'signup',
    async open(page) {
      await openLogin(page);
      await page.click('#login-signup');
      await page.waitForSelector('#signup-submit');
    },
  },
  {
    name: 'signup-failed',
    async open(page) {
      await page.fill('#username', person.username);
      await page.fill('#password', 'four words make sense');
      await page.click('#signup-submit');
      await page.waitForSelector('[role=alert]');
    },
  },
  { name: 'error', open: (page) => page.goto(authorizeUrl({ redirect_uri: 'http://localhost:3000/elsewhere' })) },
  {
    name: 'explain',
    async open(page) {
      await page.goto(authorizeUrl({ redirect_uri: 'http://localhost:3000/elsewhere' }));
      await page.click('#explain');
      await page.waitForURL(/\/explain/);
    },
  },
  {
    name: 'device-signed-out',
    async open(page) {
      await page.goto(`${issuer}/device`);
      await page.waitForSelector('#login-submit');
    },
  },
  { name: 'restart', open: (page) => page.goto(`${issuer}/login?txn=AAAAAAAAAAAAAAAAAAAAAA`) },
  { name: 'not-found', open: (page) => page.goto(`${issuer}/nowhere`) },
  { name: 'demo', open: (page) => page.goto(`${demo}/`) },
  {
    name: 'consent',
    async open(page) {
      // Asked for, since an earlier visit's answer is remembered.
      await openLogin(page, { prompt: 'consent' });
      await signIn(page, person);
      await page.waitForSelector('#consent-approve');
    },
  },
  {
    name: 'account',
    async open(page) {
      await page.goto(authorizeUrl({ prompt: 'select_account' }));
      await page.waitForSelector('#account-continue');
    },
  },
  {
    name: 'device',
    async open(page) {
      await page.goto(`${issuer}/device`);
      await page.waitForSelector('#user-code');
    },
  },
  {
    name: 'device-unknown-code',
    async open(page) {
      await page.fill('#user-code', 'WDJB-MJHT');
      await page.click('#device-submit');
      await page.waitForSelector('[role=alert]');
    },
  },
  { name: 'home-signed-in', open: (page) => page.goto(`${issuer}/`) },
  { name: 'demo-signed-in', open: openDemoSignedIn },
  {
    name: 'demo-api',
    async open(page) {
      await page.click('#call-api');
      await page.waitForSelector('#api-result');
    },
  },
  {
    name: 'demo-broken',
    async open(page) {
      await page.click('#break-code');
      await page.getByText('invalid_grant').first().waitFor();
    },
  },
  {
    name: 'demo-openid',
    async open(page) {
      await page.goto(`${demo}/`);
      await page.click('#sign-out');
      await openDemoWithOpenId(page);
      await page.click('#identity summary');
    },
  },
  {
    name: 'demo-userinfo',
    async open(page) {
      await page.click('#ask-userinfo');
      await page.waitForSelector('#userinfo');
    },
  },
  {
    name: 'demo-exchange',
    async open(page) {
      await page.click('#exchange');
      await page.waitForSelector('#command, #exchanged');
    },
  },
  {
    name: 'demo-device',
    async open(page) {
      await page.click('#device-start');
      await page.waitForSelector('#device-code');
    },
  },
  { name: 'logout', open: (page) => page.goto(`${issuer}/logout`) },
  {
    name: 'logged-out',
    async open(page) {
      await page.goto(`${issuer}/logout`);
      await page.click('#logout-confirm');
      await page.waitForSelector('#logged-out');
    },
  },
  {
    name: 'demo-signed-out-live',
    async open(page) {
      await openDemoWithOpenId(page);
      const other = await page.context().newPage();
      await other.goto(`${demo}/`);
      await other.click('#sign-out-everywhere');
      await other.waitForSelector('#logout-confirm, #notice');
      if (await other.$('#logout-confirm')) await other.click('#logout-confirm');
      await other.waitForURL(`${demo}/**`);
      await page.locator('#live').getByText('on the front channel').waitFor();
      await page.locator('#live').getByText('on the back channel').waitFor();
      await other.close();
    },
  },
];
