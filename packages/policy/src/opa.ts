import { defaultRuntime } from '@gatewright/core'
import type { Decision, Policy } from '@gatewright/core'
import { denied } from './policy.ts'

/** Where the Open Policy Agent is. */
export interface OpaOptions {
  /** URL of the rule's document, for example `http://127.0.0.1:8181/v1/data/orchestrator/result`. */
  readonly url: string
  /** Milliseconds. @default 2000 */
  readonly timeout?: number
  /** Headers of the request, for example an `Authorization` that the agent expects. */
  readonly headers?: Readonly<Record<string, string>>
  /** @default the runtime's `fetch` */
  readonly fetch?: typeof fetch
}

const maximumBytes = 64 * 1024

/**
 * Asks an Open Policy Agent. The agent gets the policy's input as `input`, and its `result` is the decision.
 *
 * An agent that cannot be reached, is slow, or has no such rule denies.
 *
 * @throws {TypeError} when the URL is not http or https
 * @see [Open Policy Agent REST API - Get a Document with Input](https://www.openpolicyagent.org/docs/rest-api#get-a-document-with-input)
 */
export function opa({
  url,
  timeout = 2000,
  headers = {},
  fetch: request = defaultRuntime.fetch,
}: OpaOptions): Policy {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new TypeError(`opa: "${url}" is not an http URL`)
  return async (input) => {
    const response = await request(url, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ input }),
    })
    if (!response.ok) return denied('opa', `the agent answered ${response.status}`)
    const text = await response.text()
    if (text.length > maximumBytes) return denied('opa', 'the answer of the agent is too large')
    const { result } = JSON.parse(text) as { result?: Partial<Decision> }
    // Without a rule of that name the agent answers 200 without a result.
    if (typeof result?.allowed !== 'boolean')
      return denied('opa', 'the agent has no decision under this path')
    return { ...result, allowed: result.allowed, rule: result.rule ?? 'opa' }
  }
}
