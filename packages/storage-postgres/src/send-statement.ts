import type { PostgresClient } from './postgres-client.ts'

/** A statement with the name under which connections keep it prepared. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** What is bound to a statement. Arrays go as text, so that no driver has to know their type. */
export type Parameter = string | number | boolean | null

/** Sends one statement, which is one round trip, and resolves to its rows. */
export type SendStatement = (
  statement: Statement,
  values: readonly Parameter[],
) => Promise<readonly unknown[]>

/** How statements are sent. */
export interface SendOptions {
  readonly preparedStatements: boolean
  /** Milliseconds. */
  readonly timeout: number
}

/** Adapts the three kinds of clients to one. */
export function createSendStatement(client: PostgresClient, options: SendOptions): SendStatement {
  const { preparedStatements, timeout } = options
  if ('unsafe' in client)
    return async ({ text }, values) =>
      Array.from(await client.unsafe(text, [...values], { prepare: preparedStatements }))
  if ('connect' in client)
    return async ({ name, text }, values) => {
      const statement = { text, values: [...values], query_timeout: timeout }
      return (await client.query(preparedStatements ? { name, ...statement } : statement)).rows
    }
  return async ({ text }, values) => (await client.query(text, [...values])).rows
}

/** Sends a text without parameters. */
export async function sendText(client: PostgresClient, text: string): Promise<void> {
  if ('unsafe' in client) await client.unsafe(text)
  else if ('connect' in client) await client.query({ text, values: [] })
  else await client.query(text)
}
