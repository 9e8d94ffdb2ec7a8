// The profile for OpenID's conformance suite, started as a stranger starts it, and what only shows over https: what the
// server publishes there, and what it fetches and delivers itself. C1.1, C1.3, C1.4, C1.5, C1.6, C1.9, C1.10, C3.5,
// C3.7, C6.3, C11.3, C15.6.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { rm, readFile } from 'node:fs/promises';
import https from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { launch } from '../e2e/chromium.js';
import { binary, root } from '../e2e/harness.js';

const issuer = 'https://localhost:9443';
const suite = 'https://localhost:8443';
const folder = path.join(root, 'build/conformance');
const received = { logoutTokens: [], frames: [] };
const documents = new Map(); // what the suite's side serves, by path
let server;
let suiteSide;
let browser;
let certificate;

// One call over https that trusts the certificate made by ./dev conformance.
function call(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, ca: certificate }, (answer) => {
      let text = '';
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const post = (url, form, headers = {}) =>
  call(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: String(new URLSearchParams(form)) });

async function eventually(what, condition) {
  for (let tries = 0; tries < 400; ++tries) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never: ${what}`);
}

async function startSuiteSide() {
  const key = await readFile(path.join(folder, 'key.pem'));
  suiteSide = https.createServer({ key, cert: certificate }, (request, response) => {
    const url = new URL(request.url, suite);
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      if (url.pathname === '/backchannel') received.logoutTokens.push(new URLSearchParams(body).get('logout_token'));
      if (url.pathname === '/frontchannel') received.frames.push(url);
      const document = documents.get(url.pathname) ?? { type: 'text/html', text: '<!doctype html><title>suite</title>' };
      response.setHeader('content-type', document.type);
      response.end(document.text);
    });
  });
  await new Promise((resolve) => suiteSide.listen(8443, '127.0.0.1', resolve));
}

before(async () => {
  await rm(path.join(folder, 'data'), { recursive: true, force: true });
  let output = '';
  server = spawn('./dev', ['conformance'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (piece) => (output += piece));
  await eventually(`./dev conformance is ready: ${output}`, async () => {
    certificate ??= await readFile(path.join(folder, 'certificate.pem')).catch(() => undefined);
    return certificate && (await call(`${issuer}/readyz`).then((answer) => answer.status === 200, () => false));
  });
  await startSuiteSide();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  suiteSide?.closeAllConnections();
  suiteSide?.close();
  server?.kill('SIGTERM');
});

async function registerClient(metadata) {
  const answer = await call(`${issuer}/register`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [`${suite}/callback`], ...metadata }),
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json();
}

// Signs in with the browser, wherever it is asked to, and gives the URL at which the client got its answer.
async function authorize(page, parameters) {
  await page.goto(`${issuer}/authorize?${new URLSearchParams(parameters)}`);
  if (page.url().startsWith(`${issuer}/login`)) {
    await page.fill('#username', 'grace');
    await page.fill('#password', 'correct-horse-battery');
    await page.click('#login-submit');
  }
  if (page.url().startsWith(`${issuer}/consent`)) await page.click('#consent-approve');
  await page.waitForURL(`${suite}/**`);
  return new URL(page.url());
}

const newPage = async () => (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en' })).newPage();
const keys = async () => jose.createLocalJWKSet((await call(`${issuer}/jwks`)).json());

test('C1.1, C1.3 to C1.10: the metadata that the plans look for', async () => {
  const answer = await call(`${issuer}/.well-known/openid-configuration`);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const metadata = answer.json();
  assert.equal(metadata.issuer, issuer);
  for (const [name, value] of Object.entries(metadata)) {
    if (/(_endpoint|_uri|_iframe)$/.test(name)) assert.ok(value.startsWith(`${issuer}/`), name);
  }
  const has = (name, ...values) => {
    for (const value of values) assert.ok(metadata[name]?.includes(value), `${name} lacks ${value}`);
  };
  has('response_types_supported', 'code', 'id_token', 'code id_token', 'code token', 'code id_token token');
  assert.ok(metadata.response_types_supported.some((type) => ['id_token token', 'token id_token'].includes(type)));
  has('response_modes_supported', 'query', 'fragment', 'form_post');
  has('grant_types_supported', 'authorization_code', 'implicit', 'refresh_token');
  has('subject_types_supported', 'public', 'pairwise');
  has('id_token_signing_alg_values_supported', 'RS256', 'PS256', 'ES256', 'EdDSA');
  has('userinfo_signing_alg_values_supported', 'RS256');
  has('request_object_signing_alg_values_supported', 'RS256');
  has('scopes_supported', 'openid', 'profile', 'email', 'address', 'phone', 'offline_access');
  has('claims_supported', 'sub', 'name', 'birthdate', 'address', 'updated_at', 'email_verified', 'phone_number_verified');
  has('token_endpoint_auth_methods_supported', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt');
  has('token_endpoint_auth_signing_alg_values_supported', 'RS256');
  has('code_challenge_methods_supported', 'S256');
  for (const flag of ['claims_parameter_supported', 'request_parameter_supported', 'request_uri_parameter_supported',
    'frontchannel_logout_supported', 'frontchannel_logout_session_supported', 'backchannel_logout_supported',
    'backchannel_logout_session_supported', 'authorization_response_iss_parameter_supported']) {
    assert.equal(metadata[flag], true, flag);
  }
  for (const name of ['userinfo_endpoint', 'registration_endpoint', 'end_session_endpoint', 'check_session_iframe']) {
    assert.ok(metadata[name], name);
  }
  for (const [name, values] of Object.entries(metadata)) {
    if (name.includes('_alg_')) assert.ok(!values.includes('none'), name);
  }
});

test('health check and doctor know TLS', async () => {
  const claviger = async (...words) => {
    const [command, ...rest] = [binary('claviger'), '--config', 'config/conformance.toml', ...words];
    const { stdout } = await promisify(execFile)(command, rest, { cwd: root });
    return stdout;
  };
  await claviger('healthcheck', '--ready');
  assert.match(await claviger('doctor'), /certificate\.pem is good for 36\d days/);
});

test('C11.3: the person owns every standard claim', async () => {
  const client = await registerClient({ response_types: ['id_token token'], grant_types: ['implicit'] });
  const page = await newPage();
  const back = await authorize(page, {
    client_id: client.client_id, response_type: 'id_token token', redirect_uri: `${suite}/callback`, nonce: 'n', state: 's',
    scope: 'openid profile email address phone',
  });
  const answer = new URLSearchParams(back.hash.slice(1));
  const about = (await call(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${answer.get('access_token')}` } })).json();
  for (const claim of ['name', 'given_name', 'family_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture',
    'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'email', 'phone_number']) {
    assert.equal(typeof about[claim], 'string', claim);
  }
  assert.equal(typeof about.updated_at, 'number');
  assert.equal(about.email_verified, true);
  assert.equal(about.phone_number_verified, true);
  assert.equal(about.address.country, 'US');
  await page.context().close();
});

test('C3.5: a sector document is fetched and believed only when it names every redirect URI', async () => {
  documents.set('/sector.json', { type: 'application/json', text: JSON.stringify([`${suite}/callback`]) });
  await registerClient({ subject_type: 'pairwise', sector_identifier_uri: `${suite}/sector.json` });
  documents.set('/sector.json', { type: 'application/json', text: '["https://other.example/"]' });
  const refused = await call(`${issuer}/register`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [`${suite}/callback`], sector_identifier_uri: `${suite}/sector.json` }),
  });
  assert.equal(refused.status, 400);
  assert.equal(refused.json().error, 'invalid_client_metadata');
});

test('C3.7, C6.3: keys and request objects behind addresses', async () => {
  const first = await jose.generateKeyPair('RS256', { extractable: true });
  const jwk = async (pair, kid) => ({ ...(await jose.exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' });
  documents.set('/jwks', { type: 'application/json', text: JSON.stringify({ keys: [await jwk(first, 'one')] }) });
  const client = await registerClient({
    jwks_uri: `${suite}/jwks`, token_endpoint_auth_method: 'private_key_jwt', request_uris: [`${suite}/request#later`],
    request_object_signing_alg: 'RS256',
  });
  const parameters = {
    client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri: `${suite}/callback`, nonce: 'n', state: 'inside',
  };
  const object = await new jose.SignJWT({ iss: client.client_id, aud: issuer, ...parameters })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(first.privateKey);
  documents.set('/request', { type: 'application/oauth-authz-req+jwt', text: object });
  const page = await newPage();
  const back = await authorize(page, { client_id: client.client_id, response_type: 'code', scope: 'openid', request_uri: `${suite}/request#later` });
  assert.equal(back.searchParams.get('state'), 'inside');
  await page.context().close();

  const assertion = (pair, kid) =>
    new jose.SignJWT({ jti: crypto.randomUUID() }).setProtectedHeader({ alg: 'RS256', kid }).setIssuer(client.client_id)
      .setSubject(client.client_id).setAudience(`${issuer}/token`).setIssuedAt().setExpirationTime('1m').sign(pair.privateKey);
  const redeem = async (pair, kid) => post(`${issuer}/token`, {
    grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri: `${suite}/callback`,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: await assertion(pair, kid),
  });
  const tokens = await redeem(first, 'one');
  assert.equal(tokens.status, 200, tokens.text);
  const { payload } = await jose.jwtVerify(tokens.json().id_token, await keys(), { issuer, audience: client.client_id });
  assert.equal(payload.nonce, 'n');
});

test('C15.6, C15.5: sign-out is told by both channels, over TLS, and the browser goes on', async () => {
  const client = await registerClient({
    post_logout_redirect_uris: [`${suite}/bye`], backchannel_logout_uri: `${suite}/backchannel`, backchannel_logout_session_required: true,
    frontchannel_logout_uri: `${suite}/frontchannel`, frontchannel_logout_session_required: true,
  });
  const page = await newPage();
  const back = await authorize(page, {
    client_id: client.client_id, response_type: 'code', redirect_uri: `${suite}/callback`, scope: 'openid', state: 's',
  });
  const tokens = await post(`${issuer}/token`, {
    grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri: `${suite}/callback`,
    client_id: client.client_id, client_secret: client.client_secret,
  });
  const idToken = tokens.json().id_token;
  const { sid } = jose.decodeJwt(idToken);
  await page.goto(`${issuer}/logout?${new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: `${suite}/bye`, state: 'x y' })}`);
  await page.waitForURL(`${suite}/bye**`);
  assert.equal(page.url(), `${suite}/bye?state=x%20y`);
  await eventually('a logout token', () => received.logoutTokens.length > 0);
  const { payload } = await jose.jwtVerify(received.logoutTokens[0], await keys(), { issuer, audience: client.client_id, typ: 'logout+jwt' });
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
  assert.equal(payload.sid, sid);
  assert.equal(payload.nonce, undefined);
  assert.equal(received.frames.length, 1);
  assert.deepEqual([...received.frames[0].searchParams.keys()].sort(), ['iss', 'sid']);
  assert.equal(received.frames[0].searchParams.get('sid'), sid);
  await page.context().close();
});
