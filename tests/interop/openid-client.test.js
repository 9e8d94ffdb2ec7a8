// openid-client: discovery, authorization code with PKCE, refresh, and a protected call, as an application does them.
// RFC8414-3, OIDCD-4, RFC7636-4.3, RFC7636-4.6, RFC9207-2.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { client as demoClient, issuer, person, register, startHouse } from '../e2e/harness.js';
import { Visitor } from '../e2e/visitor.js';

let house;
before(async () => {
  house = await startHouse();
  await register();
});
after(async () => {
  await house?.stop();
});

const plainHttp = { execute: [client.allowInsecureRequests] };

async function publicClient() {
  const answer = await fetch(`${issuer}/register_client`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'a public client', redirect_uris: ['http://localhost:8080/cb'], token_endpoint_auth_method: 'none',
    }),
  });
  return (await answer.json()).client_id;
}

const registrations = [
  {
    name: 'client_secret_post',
    redirectUri: demoClient.redirectUri,
    config: (options) => client.discovery(new URL(issuer), demoClient.id, demoClient.secret, client.ClientSecretPost(demoClient.secret), options),
  },
  {
    name: 'client_secret_basic',
    redirectUri: demoClient.redirectUri,
    config: (options) => client.discovery(new URL(issuer), demoClient.id, {}, client.ClientSecretBasic(demoClient.secret), options),
  },
  {
    name: 'a public client',
    redirectUri: 'http://localhost:8080/cb',
    config: async (options) => client.discovery(new URL(issuer), await publicClient(), {}, client.None(), options),
  },
];

for (const { name, redirectUri, config: discover } of registrations) {
  for (const algorithm of ['oauth2', 'oidc']) {
    test(`${name}, metadata of ${algorithm}`, async () => {
      const config = await discover({ ...plainHttp, algorithm });
      assert.equal(config.serverMetadata().issuer, issuer);
      assert.deepEqual(config.serverMetadata().code_challenge_methods_supported, ['S256']);

      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'username email',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      });
      const end = await new Visitor().authorize(url.searchParams);
      assert.ok(end.left, `stayed at ${end.url}: ${end.html}`);

      const tokens = await client.authorizationCodeGrant(config, end.url, { pkceCodeVerifier: verifier, expectedState: state });
      assert.equal(tokens.token_type, 'bearer');
      assert.ok(tokens.expiresIn() > 0);

      const call = (token) => client.fetchProtectedResource(config, token, new URL(`${issuer}/api`), 'GET');
      assert.equal((await (await call(tokens.access_token)).json()).data.email, person.email);

      const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
      assert.notEqual(renewed.refresh_token, tokens.refresh_token);
      assert.equal((await (await call(renewed.access_token)).json()).data.username, person.username);
    });
  }
}

test('a wrong verifier is refused with invalid_grant (RFC7636-4.6)', async () => {
  const config = await registrations[2].config(plainHttp);
  const verifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: 'http://localhost:8080/cb',
    scope: 'username',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const end = await new Visitor().authorize(url.searchParams);
  await assert.rejects(
    client.authorizationCodeGrant(config, end.url, { pkceCodeVerifier: client.randomPKCECodeVerifier() }),
    (error) => error.error === 'invalid_grant',
  );
});
