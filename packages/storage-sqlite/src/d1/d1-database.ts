/**
 * What this package needs of a D1 database: the binding of a Worker (`env.DB`) fits as it is.
 *
 * @see [Cloudflare D1 - D1 Database](https://developers.cloudflare.com/d1/worker-api/d1-database/)
 */
export interface D1Database {
  prepare(sql: string): D1Statement
  /** Runs the statements in one transaction: when one of them fails, none has happened. */
  batch(statements: D1Statement[]): Promise<D1Result[]>
}

/** A prepared statement. */
export interface D1Statement {
  bind(...values: unknown[]): D1Statement
}

/** What one statement gave. */
export interface D1Result {
  readonly results: unknown[]
  readonly meta: { readonly changes?: number }
}
