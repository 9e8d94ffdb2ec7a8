// oauth4webapi, which judges every answer strictly, and jose, which verifies access tokens as a resource server does.
// RFC9068-2, RFC7517-5, RFC8414-3, RFC9207-2.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
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

const plainHttp = { [oauth.allowInsecureRequests]: true };
const client = { client_id: demoClient.id };

async function discover(algorithm) {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm, ...plainHttp }));
}

async function authorize(server) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const end = await new Visitor().authorize({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: demoClient.redirectUri,
    scope: 'username email',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  assert.ok(end.left, `stayed at ${end.url}: ${end.html}`);
  return { parameters: oauth.validateAuthResponse(server, client, end.url, state), verifier };
}

for (const [method, authentication] of [
  ['client_secret_basic', oauth.ClientSecretBasic(demoClient.secret)],
  ['client_secret_post', oauth.ClientSecretPost(demoClient.secret)],
]) {
  test(`code with PKCE, refresh and a protected call, ${method}`, async () => {
    const server = await discover('oauth2');
    assert.ok(server.token_endpoint_auth_methods_supported.includes(method));
    const { parameters, verifier } = await authorize(server);
    const redeemed = await oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(server, client, authentication, parameters, demoClient.redirectUri, verifier, plainHttp),
    );
    const renewed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, authentication, redeemed.refresh_token, plainHttp),
    );
    const answer = await oauth.protectedResourceRequest(
      renewed.access_token, 'GET', new URL(`${issuer}/api`), undefined, undefined, plainHttp,
    );
    assert.equal((await answer.json()).data.email, person.email);
  });
}

test('a resource server verifies the access token offline with the published keys', async () => {
  const server = await discover('oidc');
  const { parameters, verifier } = await authorize(server);
  const redeemed = await oauth.processAuthorizationCodeResponse(
    server,
    client,
    await oauth.authorizationCodeGrantRequest(
      server, client, oauth.ClientSecretPost(demoClient.secret), parameters, demoClient.redirectUri, verifier, plainHttp,
    ),
  );
  const keys = createRemoteJWKSet(new URL(server.jwks_uri));
  const { payload, protectedHeader } = await jwtVerify(redeemed.access_token, keys, {
    issuer,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'],
  });
  assert.ok(protectedHeader.kid);
  assert.equal(payload.client_id, demoClient.id);
  assert.deepEqual(payload.scope.split(' ').sort(), ['email', 'username']);
  const { keys: published } = await (await fetch(server.jwks_uri)).json();
  assert.deepEqual(new Set(published.map((key) => key.kty)), new Set(['EC', 'RSA']));
  for (const key of published) assert.equal(key.d, undefined);
});
