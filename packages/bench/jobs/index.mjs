import { adapterJobs } from './adapter-jobs.mjs'
import { authorizationJob } from './authorization-jobs.mjs'
import { cachesJob } from './caches-job.mjs'
import { libraryJobs } from './library-jobs.mjs'
import { mcpJobs } from './mcp-jobs.mjs'
import { storageJobs } from './storage-jobs.mjs'
import { sustainedJob } from './sustained-job.mjs'
import { verifyJobs } from './verify-jobs.mjs'
import { weightJobs } from './weight-jobs.mjs'

/** Every job, in the order of the results. */
export const jobs = [
  authorizationJob('authorize', 'Authorization request of a signed-in user who has consented before'),
  authorizationJob('code', 'Code exchange: PKCE S256, JWT access token, refresh token'),
  authorizationJob('refresh', 'Refresh with rotation', {
    variant: { name: 'gatewright, which forgets its answers', options: { refreshReuseWindow: 0 } },
  }),
  authorizationJob('client-credentials', 'Client credentials'),
  authorizationJob('device', 'Device authorization request', { peers: false }),
  authorizationJob('exchange', 'Token exchange', { peers: false }),
  authorizationJob('introspect', 'Introspection of a JWT access token'),
  authorizationJob('revoke', 'Revocation of a refresh token'),
  authorizationJob('register', 'Dynamic client registration'),
  authorizationJob('metadata-document', 'Client of a metadata document, cached: the consent page', {
    floor: false,
    peers: false,
  }),
  authorizationJob('flow', 'Whole flow: authorize, exchange, refresh, introspect', { http: false }),
  cachesJob,
  ...adapterJobs,
  ...verifyJobs,
  ...mcpJobs,
  ...libraryJobs,
  ...storageJobs,
  ...weightJobs,
  sustainedJob,
]
