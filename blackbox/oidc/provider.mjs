// An identity provider for tests: oidc-provider, which the OpenID Foundation certified, with its clients.
// node provider.mjs PORT REDIRECT_URI KEY_ID - any name is a person; a name that begins with "ml-" is in the group ml-engineers.
// Each start has a new key and remembers nobody.
import { generateKeyPairSync } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// The packages lie in the folder in which this was started.
const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));

const [port, redirect, keyId] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "modelward",
      client_secret: "a secret of tests",
      redirect_uris: [redirect],
      grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
    },
    {
      client_id: "another",
      client_secret: "another secret",
      redirect_uris: ["http://127.0.0.1:1/callback"],
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code"],
      response_types: [],
    },
    {
      client_id: "modelward-program",
      token_endpoint_auth_method: "none",
      redirect_uris: [],
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code"],
      response_types: [],
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), kid: keyId, use: "sig", alg: "RS256" }] },
  cookies: { keys: ["a key of tests"] },
  features: { deviceFlow: { enabled: true } },
  scopes: ["openid", "profile", "groups"],
  claims: { openid: ["sub"], profile: ["preferred_username", "name"], groups: ["groups"] },
  conformIdTokenClaims: false,
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      preferred_username: id,
      name: `${id} of the tests`,
      groups: id.startsWith("ml-") ? ["ml-engineers"] : [],
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log(`listening on ${issuer}`));
