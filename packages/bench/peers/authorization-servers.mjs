/** The peers that do a job, and what they leave out. */
const peers = [
  {
    name: '@jmondi/oauth2-server',
    file: 'jmondi',
    jobs: ['authorize', 'code', 'refresh', 'client-credentials'],
    note: 'plain objects; tokens signed with jsonwebtoken; no session, no consent, no resource indicators, no reuse detection, no events',
  },
  {
    name: '@node-oauth/oauth2-server',
    file: 'node-oauth',
    jobs: ['authorize', 'code', 'refresh', 'client-credentials'],
    note: 'plain objects; tokens signed with jose by the application; no session, no consent, no resource indicators, no reuse detection, no events',
  },
  {
    name: 'MCP SDK v1 router',
    file: 'mcp-sdk-router',
    jobs: ['authorize', 'code', 'refresh', 'revoke', 'register'],
    note: 'Express, called through light-my-request in process; sessions, consent and tokens are the application’s; no reuse detection, no events',
  },
  {
    name: 'oidc-provider',
    file: 'oidc-provider',
    // More would push live codes and tokens out of its memory adapter.
    most: 150,
    jobs: ['authorize', 'code', 'refresh', 'client-credentials', 'revoke', 'register'],
    note: 'Koa, called through light-my-request in process; JWT access tokens cannot be introspected; its memory adapter keeps 1,000 entries and forgets live tokens beyond',
  },
  {
    name: 'better-auth',
    file: 'better-auth',
    jobs: ['authorize', 'code', 'refresh', 'revoke', 'register'],
    note: 'its OAuth provider on SQLite in memory, which is part of its cost; limits of requests are off, no events',
  },
]

/** The contenders of a job. */
export function peersOf(job, options) {
  return peers
    .filter(({ jobs }) => jobs.includes(job))
    .map(({ name, file, note, most }) => ({
      name,
      note,
      most,
      module: 'authorization/workload.mjs',
      options: { server: `peers/${file}.mjs`, job, ...options },
    }))
}
