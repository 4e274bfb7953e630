// A token service of another make, measured beside Reeve's: npm oidc-provider as it comes, with its store in memory. Prints
// its address and runs until it is killed.
//
//   node measured-provider.mjs <port>
import { Provider } from 'oidc-provider';

const [port] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const client = {
  client_id: 'measured',
  client_secret: 'known to everybody',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_post',
};
const provider = new Provider(issuer, {
  clients: [client],
  cookies: { keys: ['unused'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true },
  },
});
provider.listen(Number(port), '127.0.0.1', () => console.log(issuer));
