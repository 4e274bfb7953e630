// A real relying party (openid-client) for the browser tests: the server of a workspace into which people sign in with Reeve.
//
//   PORT                       where to listen on 127.0.0.1, 0 for any free port
//   ISSUER                     whom it trusts, and finds by discovery
//   CLIENT_ID, CLIENT_SECRET   the workspace's id and its enrollment key
//   FAIL_FIRST                 refuse the first N logout tokens with 503, as a server does that has just started
//
//   GET  /login        to the provider, with `prompt` and `max_age` if they are asked for
//   GET  /callback     redeems what people bring back, and shows what it says of them, or the code of the error
//   GET  /shown        only shows what they bring, for a test that redeems it itself
//   POST /backchannel  takes logout tokens
//   GET  /signed-out   JSON: whose sessions it was told are over, [{ sid, sub }] in order
//
// Prints `ready ADDRESS`.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as client from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env;
let refusals = Number(process.env.FAIL_FIRST ?? 0);

const LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';
/** Sign-ins that have begun, by the cookie of the browser they began in. */
const begun = new Map();
/** The ids of logout tokens: each counts once. */
const seen = new Set();
const signedOut = [];

// Anew for every sign-in. A client keeps the provider's keys for minutes, and these tests change in seconds with what is signed.
const discover = () =>
  client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, client.ClientSecretBasic(CLIENT_SECRET), {
    // Everything is on this machine, without TLS: so nothing but its signature proves where an ID token is from.
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });

const page = (response, status, body) =>
  response
    .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(`<!DOCTYPE html><html lang="en"><head><title>Workspace</title></head><body>${body}</body></html>`);
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const pre = (id, value) => `<pre id="${id}">${escape(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre>`;
const json = (response, status, body) =>
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));

async function login(_, response, url) {
  const config = await discover();
  const browser = client.randomState();
  const attempt = { config, state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() };
  const asked = Object.fromEntries(['prompt', 'max_age'].filter((name) => url.searchParams.has(name)).map((name) => [name, url.searchParams.get(name)]));
  if ('max_age' in asked) attempt.maxAge = Number(asked.max_age);
  begun.set(browser, attempt);
  const to = client.buildAuthorizationUrl(config, {
    ...asked,
    redirect_uri: `${base}/callback`,
    scope: 'openid profile email',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
  });
  // Lax: people come back by a link from another site.
  response.writeHead(302, { location: to.href, 'set-cookie': `workspace_sign_in=${browser}; Path=/; HttpOnly; SameSite=Lax` }).end();
}

async function callback(request, response, url) {
  const browser = /(?:^|; )workspace_sign_in=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const attempt = begun.get(browser);
  begun.delete(browser);
  if (!attempt) return page(response, 400, pre('error', 'unknown_browser'));
  try {
    const tokens = await client.authorizationCodeGrant(attempt.config, url, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      maxAge: attempt.maxAge,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    const userinfo = await client.fetchUserInfo(attempt.config, tokens.access_token, claims.sub);
    page(response, 200, pre('header', decodeProtectedHeader(tokens.id_token)) + pre('claims', claims) + pre('userinfo', userinfo));
  } catch (error) {
    // What the provider answered, in the words of OAuth; else what openid-client made of it.
    console.error(error);
    page(response, 400, pre('error', error.error ?? error.code ?? error.name) + pre('description', error.error_description ?? error.message));
  }
}

async function backchannel(request, response) {
  if (refusals > 0) {
    refusals -= 1;
    return json(response, 503, {});
  }
  try {
    const token = new URLSearchParams(await text(request)).get('logout_token');
    signedOut.push(await verified(token ?? ''));
    json(response, 200, {});
  } catch (error) {
    console.error(error);
    json(response, 400, { error: 'invalid_request', error_description: error.message });
  }
}

/** Whose session is over, by a logout token that is one (OpenID Connect Back-Channel Logout 1.0 §2.6). */
async function verified(token) {
  const { issuer, jwks_uri, id_token_signing_alg_values_supported } = (await discover()).serverMetadata();
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), {
    issuer,
    audience: CLIENT_ID,
    typ: 'logout+jwt',
    algorithms: id_token_signing_alg_values_supported,
    requiredClaims: ['iat', 'exp', 'jti', 'events', 'sid', 'sub'],
  });
  const event = payload.events[LOGOUT];
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw new Error('it is about something else');
  // With a nonce it could be taken for an ID token.
  if ('nonce' in payload) throw new Error('it has a nonce');
  if (seen.has(payload.jti)) throw new Error('it was here before');
  seen.add(payload.jti);
  return { sid: payload.sid, sub: payload.sub };
}

const routes = {
  'GET /login': login,
  'GET /callback': callback,
  'GET /shown': (_, response, url) => page(response, 200, pre('brought', Object.fromEntries(url.searchParams))),
  'POST /backchannel': backchannel,
  'GET /signed-out': (_, response) => json(response, 200, signedOut),
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, base);
  try {
    const route = routes[`${request.method} ${url.pathname}`];
    if (route) await route(request, response, url);
    else page(response, 404, pre('error', 'not_found'));
  } catch (error) {
    console.error(error);
    page(response, 500, pre('error', error.code ?? error.name));
  }
});
await once(server.listen(Number(process.env.PORT ?? 0), '127.0.0.1'), 'listening');
const base = `http://127.0.0.1:${server.address().port}`;
process.on('SIGTERM', () => process.exit(0));
console.log(`ready ${base}`);
