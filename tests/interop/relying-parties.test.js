// Libraries that applications are built with, each in a small application of its own, in a real browser.
// OIDCC-3.1, OIDCC-3.2.2, OIDCFP-2, OIDCRL-2, OIDCSM-4, RFC6749-4.1.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { ExpressAuth } from '@auth/express';
import express from 'express';
import { auth } from 'express-openid-connect';
import session from 'express-session';
import passport from 'passport';
import PassportOpenId from 'passport-openidconnect';
import { AuthorizationCode } from 'simple-oauth2';
import { launch, signIn } from '../e2e/chromium.js';
import { issuer, person, register, startHouse } from '../e2e/harness.js';

const require = createRequire(import.meta.url);
let house;
let browser;
before(async () => {
  house = await startHouse({
    environment: { CLAVIGER_REGISTRATION__PROFILE: 'oidc_compat', CLAVIGER_RATES__LOGIN_PER_SECOND: '50' },
  });
  await register();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await house?.stop();
});

async function registerClient(metadata) {
  const answer = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  });
  const client = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(client));
  return client;
}

// An application on a port of its own while `use` runs.
async function withApp(handler, port, use) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  try {
    return await use(page, `http://localhost:${port}`);
  } finally {
    await context.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

// Through sign-in and consent, whichever come up, until the application is back.
async function passThrough(page, home) {
  await page.waitForURL(`${issuer}/login**`);
  await signIn(page, person);
  await page.waitForSelector('#consent-approve');
  await page.click('#consent-approve');
  await page.waitForURL(`${home}/**`);
}

describe('express-openid-connect', () => {
  const flows = [
    // Over plain http a web application may not ask for tokens at its redirect URI; a native one on this machine may.
    {
      name: 'by default: an ID token by form_post', port: 3101,
      metadata: { response_types: ['id_token'], grant_types: ['implicit'], application_type: 'native' }, settings: {},
    },
    {
      name: 'code', port: 3102, metadata: { response_types: ['code'] },
      settings: { authorizationParams: { response_type: 'code', scope: 'openid profile email' } },
    },
    {
      name: 'code id_token', port: 3103,
      metadata: { response_types: ['code id_token'], grant_types: ['authorization_code', 'implicit'], application_type: 'native' },
      settings: { authorizationParams: { response_type: 'code id_token', scope: 'openid profile email' } },
    },
  ];
  for (const { name, port, metadata, settings } of flows) {
    test(name, async () => {
      const home = `http://localhost:${port}`;
      const client = await registerClient({
        redirect_uris: [`${home}/callback`], post_logout_redirect_uris: [home], ...metadata,
      });
      const app = express();
      app.use(auth({
        issuerBaseURL: issuer, baseURL: home, clientID: client.client_id, clientSecret: client.client_secret,
        secret: 'a secret of the application alone', idpLogout: true, authRequired: false,
        session: { cookie: { sameSite: 'Lax' } }, transactionCookie: { sameSite: 'Lax' }, ...settings,
      }));
      app.get('/', (request, response) => response.json(request.oidc.user ?? null));
      await withApp(app, port, async (page) => {
        await page.goto(`${home}/login`);
        await passThrough(page, home);
        const user = JSON.parse(await page.textContent('body'));
        assert.ok(user.sub);
        await page.goto(`${home}/logout`);
        await page.waitForURL(`${home}/`);
        assert.equal(await page.textContent('body'), 'null');
        await page.goto(`${home}/login`);
        await page.waitForURL(`${issuer}/login**`); // signed out here as well
      });
    });
  }
});

test('passport-openidconnect', async () => {
  const home = 'http://localhost:3104';
  const client = await registerClient({ redirect_uris: [`${home}/callback`] });
  const app = express();
  app.use(session({ secret: 'another secret', resave: false, saveUninitialized: false }));
  const strategy = new PassportOpenId({
    issuer, authorizationURL: `${issuer}/authorize`, tokenURL: `${issuer}/token`, userInfoURL: `${issuer}/userinfo`,
    clientID: client.client_id, clientSecret: client.client_secret, callbackURL: `${home}/callback`, scope: 'profile email',
    skipUserProfile: false,
  }, (_issuer, profile, done) => done(null, profile));
  const authenticator = new passport.Passport();
  authenticator.use(strategy);
  authenticator.serializeUser((user, done) => done(null, user));
  authenticator.deserializeUser((user, done) => done(null, user));
  app.use(authenticator.session());
  app.get('/login', authenticator.authenticate('openidconnect'));
  app.get('/callback', authenticator.authenticate('openidconnect'), (_, response) => response.redirect('/me'));
  app.get('/me', (request, response) => response.json(request.user));
  await withApp(app, 3104, async (page) => {
    await page.goto(`${home}/login`);
    await passThrough(page, home);
    await page.waitForURL(`${home}/me`);
    const profile = JSON.parse(await page.textContent('body'));
    assert.equal(profile.username, person.username);
    assert.equal(profile.emails[0].value, person.email);
  });
});

test('@auth/express', async () => {
  const home = 'http://localhost:3105';
  const client = await registerClient({ redirect_uris: [`${home}/auth/callback/claviger`] });
  const app = express();
  app.set('trust proxy', true);
  app.use(/^\/auth\/(.*)/, ExpressAuth({
    secret: 'a third secret, which is long enough', trustHost: true,
    providers: [{
      id: 'claviger', name: 'Claviger', type: 'oidc', issuer, clientId: client.client_id, clientSecret: client.client_secret,
      checks: ['pkce', 'state', 'nonce'],
      // It looks for the person in the ID token alone, where only what was asked for stands (OIDCC-5.5).
      authorization: {
        url: `${issuer}/authorize`,
        params: { scope: 'openid', claims: { id_token: { email: null, name: null } } },
      },
    }],
  }));
  await withApp(app, 3105, async (page) => {
    await page.goto(`${home}/auth/signin`);
    await page.click('form[action$="/signin/claviger"] button');
    await passThrough(page, home);
    await page.goto(`${home}/auth/session`);
    const { user } = JSON.parse(await page.textContent('body'));
    assert.equal(user.email, person.email);
  });
});

test('simple-oauth2: code, refresh, revocation', async () => {
  const home = 'http://localhost:3106';
  const registered = await registerClient({ redirect_uris: [`${home}/callback`], scope: 'email username' });
  const oauth = new AuthorizationCode({
    client: { id: registered.client_id, secret: registered.client_secret },
    auth: { tokenHost: issuer, tokenPath: '/token', authorizePath: '/authorize', revokePath: '/revoke' },
  });
  let token;
  const app = express();
  app.get('/login', (_, response) => response.redirect(oauth.authorizeURL({ redirect_uri: `${home}/callback`, scope: 'email', state: 'x' })));
  app.get('/callback', async (request, response) => {
    token = await oauth.getToken({ code: request.query.code, redirect_uri: `${home}/callback` });
    response.send('done');
  });
  await withApp(app, 3106, async (page) => {
    await page.goto(`${home}/login`);
    await passThrough(page, home);
    await page.getByText('done').waitFor();
    const renewed = await token.refresh();
    const api = (which) => fetch(`${issuer}/api`, { headers: { authorization: `Bearer ${which.token.access_token}` } });
    assert.equal((await (await api(renewed)).json()).data.email, person.email);
    await renewed.revoke('refresh_token');
    assert.equal((await api(renewed)).status, 401);
  });
});

// A single-page application: it signs in by redirect and by popup, renews silently in a frame, notices through the frame
// of session management that somebody signed out, and signs out itself.
describe('oidc-client-ts in Chromium', () => {
  const home = 'http://localhost:3107';
  let bundle;
  let client;
  before(async () => {
    bundle = await readFile(require.resolve('oidc-client-ts').replace('/umd/oidc-client-ts.js', '/browser/oidc-client-ts.min.js'));
    client = await registerClient({
      redirect_uris: [`${home}/callback`, `${home}/popup`, `${home}/silent`], post_logout_redirect_uris: [`${home}/`],
      token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'],
    });
  });

  const settings = () => ({
    authority: issuer, client_id: client.client_id, redirect_uri: `${home}/callback`, popup_redirect_uri: `${home}/popup`,
    silent_redirect_uri: `${home}/silent`, post_logout_redirect_uri: `${home}/`, scope: 'openid email', loadUserInfo: true,
    monitorSession: true, checkSessionIntervalInSeconds: 1, automaticSilentRenew: false,
  });
  const app = (request, response) => {
    if (request.url === '/oidc.js') return response.end(bundle);
    if (request.url === '/settings.js') return response.end(`window.manager = new oidc.UserManager(${JSON.stringify(settings())});`);
    const finish = {
      '/callback': 'manager.signinRedirectCallback().then((user) => { document.title = user.profile.email; });',
      '/popup': 'manager.signinPopupCallback();',
      '/silent': 'manager.signinSilentCallback();',
    };
    const script = finish[request.url.split('?')[0]] ?? '';
    response.setHeader('content-type', 'text/html');
    return response.end(`<!doctype html><title>app</title><script src="/oidc.js"></script><script src="/settings.js"></script><script>${script}</script>`);
  };

  test('redirect, silent renewal, and the end of the session noticed', async () => {
    await withApp(app, 3107, async (page) => {
      await page.goto(`${home}/`);
      await page.evaluate(() => { manager.signinRedirect(); });
      await passThrough(page, home);
      await page.waitForFunction((email) => document.title === email, person.email);

      const before = await page.evaluate(async () => (await manager.getUser()).id_token);
      // Without the refresh token: through a hidden frame and prompt=none, as OpenID Connect has it.
      const renewed = await page.evaluate(async () => {
        const user = await manager.getUser();
        user.refresh_token = undefined;
        await manager.storeUser(user);
        return (await manager.signinSilent()).profile.sub;
      });
      assert.ok(renewed);
      assert.notEqual(await page.evaluate(async () => (await manager.getUser()).id_token), before);

      await page.evaluate(() => {
        manager.events.addUserSignedOut(() => { document.title = 'signed out elsewhere'; });
      });
      await page.goto(`${home}/`);
      await page.evaluate(() => {
        manager.events.addUserSignedOut(() => { document.title = 'signed out elsewhere'; });
        return manager.getUser();
      });
      const other = await page.context().newPage();
      await other.goto(`${issuer}/logout`);
      await other.click('#logout-confirm');
      await other.waitForSelector('#logged-out');
      await page.waitForFunction(() => document.title === 'signed out elsewhere');
    });
  });

  test('popup, and sign-out by redirect', async () => {
    await withApp(app, 3107, async (page) => {
      await page.goto(`${home}/`);
      const opened = page.context().waitForEvent('page');
      const done = page.evaluate(async () => (await manager.signinPopup()).profile.email);
      const popup = await opened; // consent is remembered from before
      await popup.waitForSelector('#login-submit');
      await signIn(popup, person);
      assert.equal(await done, person.email);
      await page.evaluate(() => { manager.signoutRedirect(); });
      await page.waitForURL(`${home}/**`);
      await page.waitForFunction(() => typeof manager !== 'undefined');
      assert.equal(await page.evaluate(() => manager.getUser()), null);
    });
  });
});
