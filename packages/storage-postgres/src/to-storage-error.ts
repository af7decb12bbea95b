import { StorageError } from '@gatewright/storage'

/**
 * SQLSTATEs, and the names that Node.js and postgres.js give: the server or the way to it is not there, or it gave
 * the statement up. A class stands for all of its codes.
 */
const unavailable: ReadonlySet<string> = new Set([
  '08', // connection exceptions, and what PgBouncer refuses
  '25006', // read-only: this is a standby, or just became one
  '25P03', // idle in transaction for too long
  '25P04', // transaction timeout
  '40', // serialization failure, deadlock
  '53', // out of memory, too many connections
  '55P03', // lock timeout
  '57', // canceled, statement timeout, shut down, starting up
  'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT',
  'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT',
  'EAI_AGAIN', 'ENOTFOUND', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH',
]) // prettier-ignore

/** What pg says in words only. */
const lostConnection =
  /^(?:Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (?:has encountered a connection error|was closed))/

/** Tells whether the server undid a statement only because of others, so that it may be sent again. */
export function isRetryable(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40001' || code === '40P01'
}

/** Returns the SQLSTATE, or what else the driver calls a code. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** Returns a {@link StorageError} for what passes by itself or fills up, and any other error as it is. */
export function toStorageError(error: unknown): unknown {
  const code = codeOf(error)
  if (code === '53100') return new StorageError('full', 'the disk of the database is full', { cause: error })
  if (isUnavailable(error, code))
    return new StorageError('busy', 'the database is busy or cannot be reached', { cause: error })
  return error
}

function isUnavailable(error: unknown, code: string): boolean {
  if (unavailable.has(code)) return true
  if (/^[0-9A-Z]{5}$/.test(code) && unavailable.has(code.slice(0, 2))) return true
  // The socket file of a server that does not run.
  if (code === 'ENOENT') return error instanceof Error && 'syscall' in error && error.syscall === 'connect'
  return code === '' && error instanceof Error && lostConnection.test(error.message)
}
