// A real OpenID provider (oidc-provider) for the browser tests.
//
//   PORT            where to listen on 127.0.0.1, 0 for any free port
//   REDIRECT_URIS   the client's redirect addresses, separated by spaces
//   CLIENT_ID, CLIENT_SECRET
//   CI_CLIENT_ID    who may ask for tokens of jobs, as a runner of a CI service does: also their audience
//   USERS           JSON: login name → { email, email_verified, name, … }; a login name that is not in it gets claims made from it
//
// A token of a job is an ID token with the claims that are asked for, signed by the provider as all others:
//   POST /token   grant_type=urn:ci:job  claims_of_job=JSON   with CI_CLIENT_ID and CLIENT_SECRET
//
// Signing in asks for a login name (any password will do) and grants consent by itself. Prints `ready ISSUER`.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const clientId = process.env.CLIENT_ID ?? 'reeve';
const users = JSON.parse(process.env.USERS ?? '{}');
const claims = { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'], groups: ['groups'] };

// The issuer names the port, so the port must be known before there is a provider.
const server = createServer();
await new Promise((resolve) => server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: process.env.CLIENT_SECRET ?? 'reeve-test-secret',
      redirect_uris: (process.env.REDIRECT_URIS ?? '').split(' ').filter(Boolean),
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      client_id: process.env.CI_CLIENT_ID ?? 'reeve-ci',
      client_secret: process.env.CLIENT_SECRET ?? 'reeve-test-secret',
      redirect_uris: [],
      grant_types: ['urn:ci:job'],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
    },
  ],
  // Keys of its own: what one provider signed must mean nothing to a client of another.
  jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  pkce: { required: () => true },
  cookies: { keys: ['only-for-tests'] },
  // Claims in the id_token too, as most providers people run do it.
  conformIdTokenClaims: false,
  scopes: ['openid', 'offline_access', 'email', 'profile', 'groups'],
  claims,
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, login) => ({
    accountId: login,
    claims: () => ({
      sub: login,
      email: `${login}@acme.test`,
      email_verified: true,
      name: login,
      preferred_username: login,
      ...users[login],
    }),
  }),
  // Whoever signs in has consented: the tests are about Reeve's pages, not about the provider's.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(' '));
    grant.addOIDCClaims(Object.values(claims).flat());
    await grant.save();
    return grant;
  },
});
// A CI service: the runner says what the job is, the provider signs it.
const job = 'urn:ci:job';
provider.registerGrantType(
  job,
  async (ctx) => {
    const token = new provider.IdToken({ sub: 'job' }, { ctx });
    token.scope = 'openid';
    for (const [name, value] of Object.entries({ jti: randomUUID(), ...JSON.parse(ctx.oidc.params.claims_of_job) })) token.set(name, value);
    ctx.body = { id_token: await token.issue({ use: 'idtoken' }) };
  },
  ['claims_of_job'],
);
// The built-in sign-in page wants a font from elsewhere; tests stay on this machine.
provider.use(async (ctx, next) => {
  await next();
  if (typeof ctx.body === 'string') ctx.body = ctx.body.replace(/@import url\([^)]*\);?/g, '');
});
provider.on('server_error', (_, error) => console.error(error));
server.on('request', provider.callback());
process.on('SIGTERM', () => process.exit(0));
console.log(`ready ${issuer}`);
