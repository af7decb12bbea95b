// What a bundler adds to an application for one entry point, compressed. Each limit is a twentieth above what was measured when it
// was last set: raise one in the commit that makes it necessary, and say why there.
import { published } from './.ci/workspace.mjs'

const limits = {
  '@gatewright/authorization-server': '100.8 kB',
  '@gatewright/cli': '185 kB',
  '@gatewright/core': '9.4 kB',
  '@gatewright/dpop': '13.2 kB',
  '@gatewright/express': '12.2 kB',
  '@gatewright/fastify': '12.2 kB',
  '@gatewright/hono': '1.6 kB',
  '@gatewright/mcp': '10.8 kB',
  '@gatewright/mcp/sdk': '10 kB',
  '@gatewright/mcp/server': '10.2 kB',
  '@gatewright/mcp-bridge': '57 kB',
  '@gatewright/mcp-bridge/file': '400 B',
  '@gatewright/mcp-proxy': '16.1 kB',
  '@gatewright/mcp-proxy/stdio': '500 B',
  '@gatewright/node': '12.2 kB',
  '@gatewright/node/adapting': '900 B',
  '@gatewright/pkce': '800 B',
  '@gatewright/policy': '4 kB',
  '@gatewright/provider': '28.8 kB',
  '@gatewright/redirect-uri': '2.4 kB',
  '@gatewright/resource-server': '26.6 kB',
  '@gatewright/storage': '8.3 kB',
  '@gatewright/storage/vault': '1.7 kB',
  '@gatewright/storage/testing': '12.1 kB',
  '@gatewright/storage-postgres': '7.3 kB',
  '@gatewright/storage-redis': '6 kB',
  '@gatewright/storage-sqlite': '3.6 kB',
  '@gatewright/storage-sqlite/d1': '3.7 kB',
  '@gatewright/testkit': '45.5 kB',
  '@gatewright/testkit/vitest': '54.7 kB',
  '@gatewright/testkit/adapter': '9.4 kB',
  '@gatewright/token-exchange': '12.7 kB',
}

// A server that imports what MCP clients need: what the core names is in it, and a default must not bring in the rest.
const composed = {
  name: '@gatewright/authorization-server, composed for MCP clients',
  path: 'packages/authorization-server/dist/index.js',
  import:
    '{ authorizationCode, composeAuthorizationServer, consentPage, dynamicRegistration, english, errorPage, loginPage, loginWith, none, password, refreshToken, signingKeys }',
  gzip: true,
  limit: '48.7 kB',
  modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', logLevel: 'error' }),
}

const whole = published.flatMap(({ path, manifest }) =>
  Object.entries(manifest.exports)
    .filter(([, target]) => target.default !== undefined)
    .map(([subpath, target]) => {
      const name = manifest.name + subpath.slice(1)
      return {
        name,
        path: `${path}/${target.default.slice(2)}`,
        gzip: true,
        limit: limits[name],
        ignore: Object.keys(manifest.peerDependencies ?? {}),
        modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', logLevel: 'error' }),
      }
    }),
)

export default [...whole, composed]
