import { fileURLToPath } from 'node:url'

const options = { platform: 'node', resolveDir: fileURLToPath(new URL('.', import.meta.url)) }

/** The authorization servers of others as programs to bundle; storage and pages are not in all of them. */
export const sizedPeers = [
  {
    name: 'oidc-provider',
    contents: "export { default } from 'oidc-provider'",
    options,
    note: 'with Koa. It comes as a whole; its storage is one of development.',
  },
  {
    name: 'MCP SDK v1, authorization router',
    contents: "export { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'",
    options,
    note: 'with Express and zod. What issues and keeps codes and tokens, login and pages are the program’s own.',
  },
  {
    name: '@jmondi/oauth2-server',
    contents: "export { AuthorizationServer } from '@jmondi/oauth2-server'",
    options,
    note: 'clients, storage, login and pages are the program’s own.',
  },
  {
    name: '@node-oauth/oauth2-server',
    contents: "export { default } from '@node-oauth/oauth2-server'",
    options,
    note: 'clients, storage, login and pages are the program’s own.',
  },
]
