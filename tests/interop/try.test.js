// `claviger try` against a real server: each verb to its end, and each in a refusal that names the request to explain.
// RFC6749-4.1, RFC6749-4.4, RFC6749-6, RFC7636-4.2, RFC8252-7.3, RFC8628-3.4, RFC8693-2.1, RFC9207-2.4.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import { binary, issuer, person, register, startHouse } from '../e2e/harness.js';
import { Visitor } from '../e2e/visitor.js';

let house;
before(async () => {
  house = await startHouse({ environment: { CLAVIGER_TOKENS__DEVICE_INTERVAL: '1s' } });
  await register();
});
after(async () => {
  await house?.stop();
});

// A command that is under way: what it says on standard error can be waited for.
class Attempt {
  out = '';
  err = '';

  constructor(words, input = '') {
    this.child = spawn(binary('claviger'), words, { cwd: house.folder, env: { PATH: process.env.PATH } });
    this.child.stdout.on('data', (text) => (this.out += text));
    this.child.stderr.on('data', (text) => (this.err += text));
    this.child.stdin.end(input);
    this.ended = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  async said(pattern) {
    let over = false;
    this.ended.then(() => (over = true));
    for (;;) {
      const found = this.err.match(pattern);
      if (found) return found[1];
      if (over) throw new Error(`it ended without saying ${pattern}: ${this.err}`);
      await Promise.race([this.ended, new Promise((resolve) => this.child.stderr.once('data', resolve))]);
    }
  }

  address() {
    return this.said(/^ {2}(http:\S+\/authorize\?\S+)\n/m);
  }

  async end() {
    const code = await this.ended;
    return { code, out: this.out, err: this.err };
  }
}

const attempt = (words, input) => new Attempt(['try', ...words], input);
const claviger = async (...words) => {
  const ran = await new Attempt([...words, '--json']).end();
  assert.equal(ran.code, 0, ran.err);
  return JSON.parse(ran.out);
};
const clientIds = async () => (await claviger('client', 'list')).clients.map((client) => client.client_id);

// A person signs in and allows, or not; then the browser goes on to the waiting port.
async function goThrough(url, options) {
  const at = await new Visitor().authorize(new URL(url).searchParams, options);
  assert.ok(at.left, `stayed at ${at.url}: ${at.html}`);
  return (await fetch(at.url)).text();
}

async function refusedWith(ran, error) {
  assert.equal(ran.code, 1, ran.err);
  assert.equal(ran.out, '');
  const [, said, description, id] =
    ran.err.match(/error: .*: (\w+)\n {2}(.+)\n {2}next: claviger explain (\S+)\n$/) ?? assert.fail(ran.err);
  assert.equal(said, error);
  assert.ok(description.length > 10);
  const explained = await claviger('explain', id);
  assert.equal(explained.error, error);
}

test('try code: a person signs in, and every token is taken apart', async () => {
  const before = await clientIds();
  const running = attempt(['code', '--no-open', '--json']);
  const page = await goThrough(await running.address());
  assert.match(page, /Go on in the terminal/);
  const ran = await running.end();
  assert.equal(ran.code, 0, ran.err);
  const report = JSON.parse(ran.out);

  const [access, identity, refresh] = report.tokens;
  assert.deepEqual(report.tokens.map((token) => token.name), ['access_token', 'id_token', 'refresh_token']);
  assert.ok(access.verified && identity.verified);
  assert.equal(access.value, report.token_response.access_token);
  const keys = jose.createRemoteJWKSet(new URL(`${issuer}/jwks`));
  const { payload } = await jose.jwtVerify(identity.value, keys, { issuer, audience: report.client.client_id });
  assert.deepEqual(identity.claims, payload);
  assert.equal(report.userinfo.email, person.email);
  assert.equal(refresh.claims.n, 1);

  // Its tokens were handed out, so its client stays; and a line for curl holds no secret.
  assert.ok((await clientIds()).includes(report.client.client_id));
  assert.equal((await clientIds()).length, before.length + 1);
  const lines = report.requests.map((request) => request.curl).join('\n');
  assert.match(lines, /"code_verifier=\$CODE_VERIFIER"/);
  assert.ok(!lines.includes(access.value) && !lines.includes(refresh.value));

  const again = await attempt(
    ['refresh', '--refresh-token-stdin', '--client-id', report.client.client_id, '--scope', 'openid', '--json'],
    `${refresh.value}\n`,
  ).end();
  assert.equal(again.code, 0, again.err);
  assert.equal(JSON.parse(again.out).token_response.scope, 'openid');
  assert.notEqual(JSON.parse(again.out).token_response.refresh_token, refresh.value);
});

test('try code: no token goes into a pipe unasked, and the client is taken back', async () => {
  const before = await clientIds();
  const running = attempt(['code', '--no-open']);
  await goThrough(await running.address());
  const { code, out, err } = await running.end();
  assert.equal(code, 0, err);
  assert.match(out, /^id_token: tells this client who signed in/m);
  assert.match(out, /exp +\d+ {2}in 10 minutes/);
  assert.match(out, /^ {4}email +ada@example\.test/m);
  assert.match(out, /^curl -s 'http:\/\/localhost:2003\/token' /m);
  assert.doesNotMatch(out, /eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  assert.deepEqual(await clientIds(), before);
});

test('try code: a person who says no', async () => {
  const running = attempt(['code', '--no-open']);
  await goThrough(await running.address(), { approve: false });
  await refusedWith(await running.end(), 'access_denied');
});

test('try code: an answer with a foreign state, or from another issuer, is none (RFC9207-2.4)', async () => {
  const running = attempt(['code', '--no-open']);
  const url = new URL(await running.address());
  const answer = (parameters) => fetch(`${url.searchParams.get('redirect_uri')}?${new URLSearchParams(parameters)}`);
  assert.equal((await answer({ code: 'x', iss: issuer, state: 'guessed' })).status, 400);
  assert.equal(running.child.exitCode, null);
  const state = url.searchParams.get('state');
  assert.equal((await answer({ code: 'x', iss: 'https://other.example', state })).status, 200);
  const ran = await running.end();
  assert.equal(ran.code, 1);
  assert.match(ran.err, /does not name the issuer that was asked/);
});

test('try code: Ctrl-C takes back what was registered', async () => {
  const before = await clientIds();
  const running = attempt(['code', '--no-open']);
  await running.address();
  assert.equal((await clientIds()).length, before.length + 1);
  running.child.kill('SIGINT');
  const ran = await running.end();
  assert.equal(ran.code, 1);
  assert.match(ran.err, /stopped before anybody came back/);
  assert.deepEqual(await clientIds(), before);
});

test('try device: the code, the wait and the tokens (RFC8628-3.4)', async () => {
  const running = attempt(['device', '--show-tokens']);
  const code = await running.said(/enter the code\n\n {2}(\S+)\n/);
  await new Visitor().approveDevice(code);
  const { code: ended, out, err } = await running.end();
  assert.equal(ended, 0, err);
  assert.match(err, /http:\/\/localhost:2003\/device\?user_code=/);
  const [, token] = out.match(/^access_token: .*\n {2}(\S+)\n/m);
  const answer = await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await answer.json()).email, person.email);
});

test('try device: a client that is no device', async () => {
  const words = ['device', '--client-id', 'demo-client', '--client-secret-stdin'];
  await refusedWith(await attempt(words, 'demo-client-secret\n').end(), 'unauthorized_client');
});

test('try client-credentials -q: the access token and nothing else', async () => {
  const { code, out, err } = await attempt(['client-credentials', '-q']).end();
  assert.equal(code, 0, err);
  const answer = await fetch(`${issuer}/api`, { headers: { authorization: `Bearer ${out.trim()}` } });
  assert.equal(answer.status, 200);
  assert.equal(out.split('\n').length, 2);
});

test('try client-credentials: a wrong secret', async () => {
  const words = ['client-credentials', '--client-id', 'demo-client', '--client-secret-stdin'];
  await refusedWith(await attempt(words, 'not the secret\n').end(), 'invalid_client');
});

test('try refresh: signs in first, then refreshes', async () => {
  const running = attempt(['refresh', '--no-open', '--json']);
  await goThrough(await running.address());
  const ran = await running.end();
  assert.equal(ran.code, 0, ran.err);
  const report = JSON.parse(ran.out);
  assert.equal(report.tokens.at(-1).claims.n, 2);
  assert.equal(report.userinfo.email, person.email);
});

test('try refresh: a token that is none', async () => {
  const words = ['refresh', '--refresh-token-stdin', '--client-id', 'demo-client', '--client-secret-stdin'];
  await refusedWith(await attempt(words, 'demo-client-secret\nno-token\n').end(), 'invalid_grant');
});

test('try exchange: signs in first, then gets a token with less in it (RFC8693-2.1)', async () => {
  for (const _ of ['a client is made', 'it is made anew']) {
    const running = attempt(['exchange', '--no-open', '--scope', 'email', '--json']);
    await goThrough(await running.address());
    const ran = await running.end();
    assert.equal(ran.code, 0, ran.err);
    const report = JSON.parse(ran.out);
    assert.equal(report.token_response.scope, 'email');
    assert.equal(report.tokens[0].claims.act.client_id, 'claviger-try-exchange');
  }
  const running = attempt(['exchange', '--no-open']);
  await goThrough(await running.address());
  assert.equal((await running.end()).code, 0);
  assert.ok(!(await clientIds()).includes('claviger-try-exchange'));
});

test('try exchange: a scope that the first token does not have, and a token that is none', async () => {
  const running = attempt(['exchange', '--no-open', '--scope', 'no-such-scope']);
  await goThrough(await running.address());
  await refusedWith(await running.end(), 'invalid_scope');
  const words = ['exchange', '--subject-token-stdin', '--client-id', 'demo-client', '--client-secret-stdin'];
  await refusedWith(await attempt(words, 'demo-client-secret\nno-token\n').end(), 'invalid_request');
});

test('try exchange: elsewhere than where the server runs nobody makes a client, nor a data folder', async () => {
  const data = path.join(house.folder, 'elsewhere');
  const { code, err } = await attempt(['exchange', '--no-open', '--data', data]).end();
  assert.equal(code, 1);
  assert.match(err, /only an operator of that server/);
  assert.ok(!existsSync(data));
});

test('no server there', async () => {
  const { code, err } = await attempt(['client-credentials', '--issuer', 'http://localhost:2999']).end();
  assert.equal(code, 69);
  assert.match(err, /next: start claviger serve/);
});
