// A real OpenID Connect provider on loopback: oidc-provider, with people of ours. It says on
// standard output where it is. Whoever types a login is that person, whatever the password.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const { client, secret, redirect, tenant, people } = JSON.parse(process.argv[2]);

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirect],
      post_logout_redirect_uris: [new URL("/sign-in", redirect).href],
      grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"],
      token_endpoint_auth_method: "client_secret_post" }],
    features: { deviceFlow: { enabled: true } },
    claims: { openid: ["sub", "tid", "groups"], profile: ["name"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["made up for tests"] },
    pkce: { required: () => true },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, tid: tenant, ...(people[sub] ?? {}) }),
    }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});

// It ends with whoever started it.
createInterface({ input: process.stdin }).on("close", () => process.exit(0));
