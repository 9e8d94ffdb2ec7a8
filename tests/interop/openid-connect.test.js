// openid-client as an OpenID Connect relying party: it registers itself, signs people in by every flow that it knows,
// and lets `jose` verify whatever the server signs or encrypts. OIDCC-3.1, OIDCC-3.3, OIDCC-10.2, OIDCDR-3, OIDCRL-2,
// RFC7523-2.2, RFC7662-2, RFC7009-2, RFC8628-3.4, RFC9864-2.2.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import * as client from 'openid-client';
import { issuer, person, register, startHouse } from '../e2e/harness.js';
import { Visitor } from '../e2e/visitor.js';

const redirectUri = 'https://rp.example/callback';
let house;
before(async () => {
  house = await startHouse({
    environment: { CLAVIGER_REGISTRATION__PROFILE: 'oidc_compat', CLAVIGER_KEYS__ALGS: 'ES256,RS256,PS256,EdDSA' },
  });
  await register();
});
after(async () => {
  await house?.stop();
});

const plainHttp = { execute: [client.allowInsecureRequests] };
const registerClient = (metadata, authentication) =>
  client.dynamicClientRegistration(new URL(issuer), { redirect_uris: [redirectUri], ...metadata }, authentication, plainHttp);

// From the authorization request to tokens; `visitor` keeps the session between two of them.
async function signIn(config, { visitor = new Visitor(), parameters = {}, checks = {} } = {}) {
  const nonce = client.randomNonce();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri, scope: 'openid email', nonce, state, ...parameters,
  });
  const end = await visitor.authorize(url.searchParams);
  assert.ok(end.left, `stayed at ${end.url}: ${end.html}`);
  return client.authorizationCodeGrant(config, end.url, { expectedNonce: nonce, expectedState: state, idTokenExpected: true, ...checks });
}

const keySet = jose.createRemoteJWKSet(new URL(`${issuer}/jwks`));

test('code: ID token, UserInfo, refresh, introspection, revocation, and the end of the session', async () => {
  const config = await registerClient({ post_logout_redirect_uris: ['https://rp.example/bye'] });
  const visitor = new Visitor();
  const tokens = await signIn(config, { visitor, parameters: { scope: 'openid profile email phone offline_access', prompt: 'consent' } });
  const claims = tokens.claims();
  const verified = await jose.jwtVerify(tokens.id_token, keySet, { issuer, audience: config.clientMetadata().client_id });
  assert.equal(verified.protectedHeader.alg, 'RS256');
  assert.equal(verified.payload.sub, claims.sub);
  assert.equal(claims.email, undefined, 'claims of a scope are fetched, not sent along');

  const about = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(about.email, person.email);
  assert.equal(about.given_name, 'Ada');
  assert.equal(about.preferred_username, person.username);

  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(renewed.claims().sub, claims.sub);
  assert.equal(renewed.claims().auth_time, claims.auth_time);

  const state = await client.tokenIntrospection(config, renewed.access_token);
  assert.equal(state.active, true);
  assert.equal(state.sub, claims.sub);
  await client.tokenRevocation(config, renewed.refresh_token);
  assert.deepEqual(await client.tokenIntrospection(config, renewed.access_token), { active: false });
  await assert.rejects(client.refreshTokenGrant(config, renewed.refresh_token), (error) => error.error === 'invalid_grant');

  const farewell = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token, post_logout_redirect_uri: 'https://rp.example/bye', state: 'a b&c',
  });
  const end = await visitor.go(`${farewell.pathname}${farewell.search}`);
  assert.equal(end.url.href, 'https://rp.example/bye?state=a%20b%26c');
});

test('hybrid: code id_token, with c_hash', async () => {
  const config = await registerClient({ response_types: ['code id_token'], grant_types: ['authorization_code', 'implicit', 'refresh_token'] });
  client.useCodeIdTokenResponseType(config);
  const tokens = await signIn(config);
  assert.ok(tokens.claims().sub);
});

test('form_post: the fields are the response', async () => {
  const config = await registerClient({});
  const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: 'openid', response_mode: 'form_post', state: 's"<>&' });
  const page = await new Visitor().authorize(url.searchParams);
  assert.equal(page.status, 200);
  assert.match(page.html, /id="form-post"/);
  assert.match(page.html, /name="state"[^>]*value="s&quot;&lt;&gt;&amp;"|value="s&quot;&lt;&gt;&amp;"[^>]*name="state"/);
});

for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
  test(`private_key_jwt, request objects and ID tokens under ${alg}`, async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await jose.exportJWK(publicKey)), kid: `rp-${alg}`, alg, use: 'sig' };
    const key = { key: await crypto.subtle.importKey('jwk', await jose.exportJWK(privateKey), keyParameters(alg), false, ['sign']), kid: jwk.kid };
    const config = await registerClient(
      {
        jwks: { keys: [jwk] }, token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg,
        id_token_signed_response_alg: alg, userinfo_signed_response_alg: alg, request_object_signing_alg: alg,
      },
      client.PrivateKeyJwt(key),
    );
    const nonce = client.randomNonce();
    const state = client.randomState();
    const url = await client.buildAuthorizationUrlWithJAR(config, { redirect_uri: redirectUri, scope: 'openid email', nonce, state }, key);
    url.searchParams.set('response_type', 'code');
    url.searchParams.set('scope', 'openid email');
    const end = await new Visitor().authorize(url.searchParams);
    assert.ok(end.left, `stayed at ${end.url}: ${end.html}`);
    const tokens = await client.authorizationCodeGrant(config, end.url, { expectedNonce: nonce, expectedState: state });
    const { protectedHeader } = await jose.jwtVerify(tokens.id_token, keySet, { issuer });
    assert.equal(protectedHeader.alg, alg);
    const signed = await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.match(signed.headers.get('content-type'), /^application\/jwt/);
    const about = await jose.jwtVerify(await signed.text(), keySet, { issuer, audience: config.clientMetadata().client_id });
    assert.equal(about.protectedHeader.alg, alg);
    assert.equal(about.payload.email, person.email);
  });
}

function keyParameters(alg) {
  if (alg === 'ES256') return { name: 'ECDSA', namedCurve: 'P-256' };
  if (alg === 'EdDSA') return { name: 'Ed25519' };
  return { name: alg === 'PS256' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
}

for (const [alg, crv] of [['RSA-OAEP-256'], ['ECDH-ES', 'P-256'], ['ECDH-ES+A128KW', 'P-384'], ['ECDH-ES+A256KW', 'X25519'], ['ECDH-ES+A192KW', 'P-521']]) {
  for (const enc of ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512']) {
    test(`an ID token and UserInfo encrypted with ${alg}${crv ? ` over ${crv}` : ''} and ${enc}`, async () => {
      const { publicKey, privateKey } = await jose.generateKeyPair(alg, { crv, extractable: true });
      const jwk = { ...(await jose.exportJWK(publicKey)), kid: 'enc', alg, use: 'enc' };
      const config = await registerClient({
        jwks: { keys: [jwk] }, id_token_encrypted_response_alg: alg, id_token_encrypted_response_enc: enc,
        userinfo_signed_response_alg: 'ES256', userinfo_encrypted_response_alg: alg, userinfo_encrypted_response_enc: enc,
      });
      const tokens = await signInSealed(config, privateKey, { alg, crv, enc });
      const sealed = await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
      const { plaintext, protectedHeader } = await jose.compactDecrypt(await sealed.text(), privateKey);
      assert.equal(protectedHeader.kid, 'enc');
      assert.equal(protectedHeader.cty, 'JWT');
      const about = await jose.jwtVerify(new TextDecoder().decode(plaintext), keySet, { issuer });
      assert.equal(about.payload.email, person.email);
    });
  }
}

// openid-client itself opens P-256 and RSA alone; for other curves jose does, and openid-client plays OAuth.
async function signInSealed(config, key, { alg, crv, enc }) {
  if (crv === undefined || crv === 'P-256') {
    client.enableDecryptingResponses(config, [enc], { key, kid: 'enc', alg });
    const tokens = await signIn(config);
    assert.ok(tokens.claims().sub);
    return tokens;
  }
  const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: 'openid email', state: 's' });
  const end = await new Visitor().authorize(url.searchParams);
  const { client_id, client_secret } = config.clientMetadata();
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code: end.url.searchParams.get('code'), redirect_uri: redirectUri }),
  });
  const tokens = await answer.json();
  const { plaintext } = await jose.compactDecrypt(tokens.id_token, key);
  await jose.jwtVerify(new TextDecoder().decode(plaintext), keySet, { issuer, audience: client_id });
  return tokens;
}

test('client_secret_jwt', async () => {
  const config = await registerClient({ token_endpoint_auth_method: 'client_secret_jwt' });
  const secret = config.clientMetadata().client_secret;
  const again = await client.discovery(new URL(issuer), config.clientMetadata().client_id, config.clientMetadata(), client.ClientSecretJwt(secret), plainHttp);
  assert.ok((await signIn(again)).claims().sub);
});

test('pairwise subjects differ between sectors and agree with UserInfo', async () => {
  const one = await registerClient({ subject_type: 'pairwise' });
  const two = await client.dynamicClientRegistration(
    new URL(issuer), { redirect_uris: ['https://other.example/cb'], subject_type: 'pairwise' }, undefined, plainHttp);
  const first = await signIn(one);
  const second = await signIn(two, { parameters: { redirect_uri: 'https://other.example/cb' } });
  assert.notEqual(first.claims().sub, second.claims().sub);
  await client.fetchUserInfo(one, first.access_token, first.claims().sub);
  await client.fetchUserInfo(two, second.access_token, second.claims().sub);
});

test('the claims parameter, max_age and prompt=none', async () => {
  const config = await registerClient({});
  const visitor = new Visitor();
  const claims = JSON.stringify({ id_token: { email: { essential: true }, acr: null }, userinfo: { phone_number: null } });
  const tokens = await signIn(config, { visitor, parameters: { scope: 'openid', claims, max_age: '3600' }, checks: { maxAge: 3600 } });
  assert.equal(tokens.claims().email, person.email);
  const about = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(about.phone_number, '+44 20 7946 0958');
  const silent = await signIn(config, { visitor, parameters: { scope: 'openid', prompt: 'none', id_token_hint: tokens.id_token } });
  assert.equal(silent.claims().auth_time, tokens.claims().auth_time);
  await assert.rejects(signIn(config, { parameters: { prompt: 'none' } }), (error) => error.error === 'login_required');
});

test('client credentials', async () => {
  const config = await registerClient({ grant_types: ['client_credentials', 'authorization_code'] });
  const tokens = await client.clientCredentialsGrant(config, { scope: 'email' });
  assert.equal(tokens.refresh_token, undefined);
  const state = await client.tokenIntrospection(config, tokens.access_token);
  assert.equal(state.client_id, config.clientMetadata().client_id);
});

test('a device is approved elsewhere', async () => {
  const config = await registerClient({
    token_endpoint_auth_method: 'none', grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'authorization_code', 'refresh_token'],
  }, client.None());
  const device = await client.initiateDeviceAuthorization(config, { scope: 'openid email' });
  assert.match(device.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  const polled = client.pollDeviceAuthorizationGrant(config, device);
  await new Visitor().approveDevice(device.user_code);
  const tokens = await polled;
  assert.ok(tokens.claims().sub);
  assert.equal((await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).email, person.email);
});
