// A server with its defaults is given addresses of its own machine in every place where a client may name one, and calls
// none of them: CA-18, DC-08, DC-10, PJ-01, OX-08, CM-03. Whoever listens there counts connections.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { issuer, person, register, startHouse } from '../e2e/harness.js';
import { Visitor } from '../e2e/visitor.js';

const names = ['https://localhost', 'https://127.0.0.1', 'https://[::1]', 'https://127.1', 'https://0x7f000001'];
let house;
let listener;
let port;
let connections = 0;
before(async () => {
  house = await startHouse({
    environment: { CLAVIGER_REGISTRATION__PROFILE: 'oidc_compat', CLAVIGER_RATES__REGISTRATION_PER_MINUTE: '0' },
  });
  await register();
  listener = createServer((socket) => {
    ++connections;
    socket.destroy();
  });
  await new Promise((resolve) => listener.listen(0, resolve));
  ({ port } = listener.address());
});
after(async () => {
  await house?.stop();
  await new Promise((resolve) => listener.close(resolve));
});

async function registerClient(metadata) {
  const answer = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['https://rp.example/cb'], ...metadata }),
  });
  return { ...(await answer.json()), status: answer.status };
}

// An address that looks odd may be refused when it is registered; a plain one is taken, and then not called.
function isRefused(name, client) {
  if (client.status === 201) return false;
  assert.notEqual(name, names[0], JSON.stringify(client));
  assert.ok(['invalid_client_metadata', 'invalid_redirect_uri'].includes(client.error), JSON.stringify(client));
  return true;
}

async function logged(event, clientId) {
  for (let tries = 0; tries < 400; ++tries) {
    const lines = (await house.serverLog()).split('\n');
    if (lines.some((line) => line.includes(event) && line.includes(clientId))) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`no ${event} for ${clientId} in the log`);
}

for (const name of names) {
  const inside = (path) => `${name}:${port}${path}`;

  test(`CA-18: keys at ${name}`, async () => {
    const client = await registerClient({ jwks_uri: inside('/jwks'), token_endpoint_auth_method: 'private_key_jwt' });
    if (isRefused(name, client)) return;
    const { privateKey } = await jose.generateKeyPair('ES256');
    const assertion = await new jose.SignJWT({ jti: crypto.randomUUID() }).setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer(client.client_id).setSubject(client.client_id).setAudience(issuer).setIssuedAt().setExpirationTime('1m').sign(privateKey);
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials', client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      }),
    });
    assert.equal(answer.status, 401);
    assert.equal((await answer.json()).error, 'invalid_client');
  });

  test(`DC-10, DC-08: a sector document and a logo at ${name}`, async () => {
    const refused = await registerClient({ subject_type: 'pairwise', sector_identifier_uri: inside('/sector.json') });
    assert.equal(refused.status, 400);
    const plain = await registerClient({ logo_uri: inside('/logo.png') });
    if (isRefused(name, plain)) return;
    assert.equal((await fetch(`${issuer}/logo?client_id=${plain.client_id}`)).status, 404);
  });

  test(`PJ-01: a request object at ${name}`, async () => {
    const client = await registerClient({ request_uris: [inside('/request')] });
    if (isRefused(name, client)) return;
    const end = await new Visitor().go(`/authorize?${new URLSearchParams({
      client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri: 'https://rp.example/cb', request_uri: inside('/request'),
    })}`);
    assert.ok(!end.url.searchParams.get('code'));
  });

  test(`OX-08: a logout address at ${name}`, async () => {
    const client = await registerClient({ backchannel_logout_uri: inside('/logout'), token_endpoint_auth_method: 'client_secret_post' });
    if (isRefused(name, client)) return;
    const visitor = new Visitor();
    const end = await visitor.authorize({
      client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri: 'https://rp.example/cb', state: 's',
    }, { credentials: person });
    assert.ok(end.left);
    const page = await visitor.go('/logout');
    await visitor.fill(page, { action: 'confirm' });
    await logged('logout.not_told', client.client_id);
  });
}

test('nobody was called', async () => {
  assert.equal(connections, 0);
  const caller = connect(port, 'localhost');
  await new Promise((resolve) => caller.once('close', resolve));
  assert.equal(connections, 1, 'who is called counts');
});
