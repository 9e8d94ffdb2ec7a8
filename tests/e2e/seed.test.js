// The walk-through of six calls, request for request as a newcomer types it, and byte for byte where bytes are
// promised. RFC6749-4.1.1, RFC6749-4.1.2, RFC6749-4.1.3, RFC6749-5.1, RFC6749-6, RFC6750-2.1, RFC9207-2.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { client, issuer, person, startHouse } from './harness.js';
import { Visitor } from './visitor.js';

let house;
before(async () => {
  house = await startHouse();
});
after(async () => {
  await house?.stop();
});

const jwtInForm = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;

const post = async (path, parameters, headers = {}) => {
  const answer = await fetch(issuer + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(parameters).toString(),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

// What `curl -X POST` sends: no body, no Content-Length, no Content-Type.
const bareRequest = (lines) =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: 2003, host: 'localhost' });
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (data) => (text += data));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.write(`${lines.join('\r\n')}\r\nHost: localhost:2003\r\nAccept: */*\r\nConnection: close\r\n\r\n`);
  });
const bodyOf = (text) => text.slice(text.indexOf('\r\n\r\n') + 4);

const seedRequest = {
  client_id: client.id,
  response_type: 'code',
  redirect_uri: client.redirectUri,
  scope: 'username email',
  state: 'af0ifjsldkj',
};
const credentials = { client_id: client.id, client_secret: client.secret };

const fresh = { code: '', access_token: '', refresh_token: '' };

test('step 1: POST /register_client with an empty body', async () => {
  const answer = await bareRequest(['POST /register_client HTTP/1.1']);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.equal(bodyOf(answer), '{"status":"SUCCESS","message":"register client successfully"}');
});

test('step 2: POST /register_user with an empty body', async () => {
  const answer = await bareRequest(['POST /register_user HTTP/1.1']);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.equal(bodyOf(answer), '{"status":"SUCCESS","message":"register user successfully"}');
});

test('steps 1 and 2 again say that nothing changed', async () => {
  for (const what of ['client', 'user']) {
    const answer = await fetch(`${issuer}/register_${what}`, { method: 'POST' });
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), `{"status":"SUCCESS","message":"${what} already registered"}`);
  }
});

test('step 3: GET /authorize ends, after login and consent, at the client', async () => {
  const end = await new Visitor().authorize(seedRequest);
  assert.ok(end.left, `stayed at ${end.url} (${end.status}): ${end.html}`);
  assert.equal(end.url.origin + end.url.pathname, client.redirectUri);
  assert.match(end.url.search, /^\?code=[^&]+&state=af0ifjsldkj/);
  assert.equal(end.url.searchParams.get('iss'), issuer);
  fresh.code = end.url.searchParams.get('code');
});

test('step 4: POST /token with the code', async () => {
  const answer = await post('/token', {
    grant_type: 'authorization_code',
    ...credentials,
    code: fresh.code,
    redirect_uri: client.redirectUri,
  });
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers.get('content-type'), /^application\/json/);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.ok(answer.text.startsWith('{"status":"SUCCESS","access_token":"eyJ'), answer.text.slice(0, 60));
  const tokens = JSON.parse(answer.text);
  assert.match(tokens.access_token, jwtInForm);
  assert.match(tokens.refresh_token, jwtInForm);
  assert.equal(tokens.token_type, 'Bearer');
  assert.ok(tokens.expires_in > 0);
  assert.deepEqual(tokens.scope.split(' ').sort(), ['email', 'username']);
  Object.assign(fresh, tokens);
});

test('step 5: POST /api gives the claims of the granted scopes', async () => {
  const answer = await post('/api', {}, { authorization: `Bearer ${fresh.access_token}` });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.text, `{"status":"SUCCESS","data":{"email":"${person.email}","username":"${person.username}"}}`);
});

for (const grant_type of ['refresh', 'refresh_token']) {
  test(`step 6: POST /token with grant_type=${grant_type}`, async () => {
    const answer = await post('/token', { grant_type, ...credentials, refresh_token: fresh.refresh_token });
    assert.equal(answer.status, 200, answer.text);
    const tokens = JSON.parse(answer.text);
    assert.equal(tokens.status, 'SUCCESS');
    assert.match(tokens.access_token, jwtInForm);
    assert.match(tokens.refresh_token, jwtInForm);
    assert.notEqual(tokens.refresh_token, fresh.refresh_token);
    Object.assign(fresh, tokens);
    const data = await post('/api', {}, { authorization: `Bearer ${fresh.access_token}` });
    assert.equal(data.status, 200);
  });
}

test('a code that is used twice is refused, and what it led to is revoked (CI-01)', async () => {
  const answer = await post('/token', {
    grant_type: 'authorization_code',
    ...credentials,
    code: fresh.code,
    redirect_uri: client.redirectUri,
  });
  assert.equal(answer.status, 400);
  const { status, error } = JSON.parse(answer.text);
  assert.deepEqual({ status, error }, { status: 'FAILURE', error: 'invalid_grant' });
  const data = await post('/api', {}, { authorization: `Bearer ${fresh.access_token}` });
  assert.equal(data.status, 401);
  assert.match(data.headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
  const refresh = await post('/token', { grant_type: 'refresh', ...credentials, refresh_token: fresh.refresh_token });
  assert.equal(JSON.parse(refresh.text).error, 'invalid_grant');
});

test('GET /api answers as POST does, and without a token not at all', async () => {
  const end = await new Visitor().authorize(seedRequest);
  const code = end.url.searchParams.get('code');
  const redeemed = await post('/token', {
    grant_type: 'authorization_code', ...credentials, code, redirect_uri: client.redirectUri,
  });
  const authorization = `Bearer ${JSON.parse(redeemed.text).access_token}`;
  const answer = await fetch(`${issuer}/api`, { headers: { authorization } });
  assert.equal((await answer.json()).data.username, person.username);
  const bare = await fetch(`${issuer}/api`);
  assert.equal(bare.status, 401);
  assert.equal((await bare.json()).status, 'FAILURE');
  assert.doesNotMatch(bare.headers.get('www-authenticate'), /error=/);
});

test('a wrong secret is refused in the walk-through’s form (RFC6749-5.2)', async () => {
  const answer = await post('/token', {
    grant_type: 'refresh', client_id: client.id, client_secret: 'not-the-secret-at-all', refresh_token: 'eyJ.eyJ.x',
  });
  assert.equal(answer.status, 401);
  const { status, error, error_description } = JSON.parse(answer.text);
  assert.deepEqual({ status, error }, { status: 'FAILURE', error: 'invalid_client' });
  assert.match(error_description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
});

test('registration takes form and JSON, the walk-through’s names and RFC 7591’s (RFC7591-2, RFC7591-3)', async () => {
  const form = await post('/register_client', {
    client_id: 'form-client', client_secret: 'a-secret-of-a-form-client', redirect_uri: 'http://localhost:8080/cb',
  });
  assert.equal(form.status, 200, form.text);
  assert.equal(JSON.parse(form.text).client_id, 'form-client');
  const json = await fetch(`${issuer}/register_client`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'my app', redirect_uris: ['http://localhost:8080/cb'], token_endpoint_auth_method: 'none',
    }),
  });
  const registered = await json.json();
  assert.equal(registered.status, 'SUCCESS');
  assert.ok(registered.client_id.length > 0);
  const other = await post('/register_client', {
    client_id: 'form-client', client_secret: 'another-secret-of-this-client', redirect_uri: 'http://localhost:8080/cb',
  });
  assert.equal(other.status, 409);
  assert.equal(JSON.parse(other.text).status, 'FAILURE');
});

test('JSON that is none is refused, and so is a token in the address (RFC8259-2, RFC6750-2.3)', async () => {
  const json = await fetch(`${issuer}/register_client`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"client_id":"a","client_id":"b"',
  });
  assert.equal(json.status, 400);
  assert.equal((await json.json()).status, 'FAILURE');
  const query = await fetch(`${issuer}/api?access_token=${fresh.access_token}`);
  assert.equal(query.status, 400);
  assert.equal((await query.json()).error, 'invalid_request');
});

test('nothing secret of this walk stands in the log', async () => {
  const log = await house.serverLog();
  for (const secret of [client.secret, person.password, fresh.code, fresh.access_token, fresh.refresh_token]) {
    assert.ok(secret.length > 0 && !log.includes(secret), 'a secret was logged');
  }
});
