// Signing keys rotate under load, and nobody who keeps a copy of the key set ever meets a token that the copy can't
// verify: KY-04. The verifier looks at nothing but its copy, which it renews as seldom as a publication ahead allows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as jose from 'jose';
import { binary, issuer, startHouse } from '../e2e/harness.js';

const aheadMs = 2000;
const keepMs = 1500;

let house;
before(async () => {
  house = await startHouse({ environment: { CLAVIGER_KEYS__PUBLISH_AHEAD: `${aheadMs / 1000}s` } });
});
after(async () => {
  await house?.stop();
});

const claviger = (...words) => promisify(execFile)(binary('claviger'), words, { cwd: house.folder });

async function registerClient() {
  const answer = await fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['https://rp.example/cb'], grant_types: ['client_credentials', 'authorization_code'] }),
  });
  return answer.json();
}

async function fetchToken({ client_id, client_secret }) {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return (await answer.json()).access_token;
}

// A copy of the key set, renewed when it is old and never because a token's kid is unknown.
class KeptKeys {
  #keys;
  #fetchedAt = 0;

  current() {
    if (Date.now() - this.#fetchedAt >= keepMs) {
      this.#fetchedAt = Date.now();
      this.#keys = fetch(`${issuer}/jwks`).then((answer) => answer.json()).then(jose.createLocalJWKSet);
    }
    return this.#keys;
  }
}

test('KY-04: two rotations under load, no token that a kept key set could not verify', async () => {
  const client = await registerClient();
  const kept = new KeptKeys();
  const kids = new Set();
  let verified = 0;
  let over = false;
  const work = async () => {
    while (!over) {
      const keys = await kept.current();
      const { protectedHeader } = await jose.jwtVerify(await fetchToken(client), keys, { issuer });
      kids.add(protectedHeader.kid);
      ++verified;
    }
  };
  const workers = Array.from({ length: 4 }, work);
  const untilKids = async (count) => {
    while (kids.size < count) await Promise.race([...workers, new Promise((resolve) => setTimeout(resolve, 20))]);
  };
  await untilKids(1);
  for (const rotations of [1, 2]) {
    await claviger('key', 'rotate', '--alg', 'ES256');
    await untilKids(rotations + 1);
  }
  over = true;
  await Promise.all(workers);
  assert.equal(kids.size, 3);
  assert.ok(verified > 10, `${verified} tokens`);
});
