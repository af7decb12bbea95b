/** What is sent to a {@link PostgresPool} for one statement. */
export interface PostgresStatement {
  /** Name under which the connection keeps the statement prepared. */
  readonly name?: string
  readonly text: string
  readonly values: unknown[]
  /** Milliseconds after which the driver gives the query up and drops the connection. */
  readonly query_timeout?: number
}

/** What this package needs of a `Pool` of pg. A `Client` fits too, but is neither opened nor reopened here. */
export interface PostgresPool {
  connect(...parameters: never[]): unknown
  query(statement: PostgresStatement): Promise<{ rows: unknown[] }>
}

/** What this package needs of the `sql` function of postgres.js. */
export interface PostgresJsClient {
  unsafe(
    text: string,
    values?: (string | number | boolean | null)[],
    options?: { prepare?: boolean },
  ): PromiseLike<ArrayLike<unknown>>
}

/** What this package needs of a PGlite, and of anything else that takes a text and its parameters. */
export interface TextQueryClient {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
}

/** A connection pool of pg, a `sql` function of postgres.js, or a PGlite: each fits as it is. */
export type PostgresClient = PostgresPool | PostgresJsClient | TextQueryClient
