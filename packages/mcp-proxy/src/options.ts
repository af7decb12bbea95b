import type { Runtime } from '@gatewright/core'
import type { OutboundAuthorization } from '@gatewright/token-exchange'
import type { UpstreamEndpoint } from './connection/upstream-endpoint.ts'
import type { Pins } from './definitions/pins.ts'
import type { UpstreamPrompt } from './definitions/upstream-prompt.ts'
import type { UpstreamResource } from './definitions/upstream-resource.ts'
import type { UpstreamTool } from './definitions/upstream-tool.ts'

/** Who may use something: holders of all these scopes, or every caller with a valid token. */
export type ProxiedRequirement = readonly string[] | 'public'

/** Says who may use what, by the upstream's own names. What nothing is said of is not offered. */
export type ProxiedScopes<Entry = UpstreamTool> =
  Readonly<Record<string, ProxiedRequirement>> | ((entry: Entry) => ProxiedRequirement | undefined)

/** Options of `createMcpProxy`. */
export interface McpProxyOptions {
  /** How events call the upstream. */
  readonly name: string
  /** Where it is: `streamableHttp(…)`, or `stdioServer(…)` of `@gatewright/mcp-proxy/stdio`. */
  readonly endpoint: UpstreamEndpoint
  /** What the names of its tools and prompts begin with here, for example `ledger_`; it stands in the URIs of its resources as well. */
  readonly prefix: string
  /** Who may call which tool. What the upstream adds later is not offered until it is said here. */
  readonly scopes: ProxiedScopes
  /** Who may use which prompt. @default no prompts are offered */
  readonly prompts?: ProxiedScopes<UpstreamPrompt> | undefined
  /** Who may read which resource, by the URIs and the URI templates that the upstream lists. @default no resources are offered */
  readonly resources?: ProxiedScopes<UpstreamResource> | undefined
  /** With what the upstream is called. */
  readonly authorization: OutboundAuthorization
  /**
   * With what its lists are read. A list is the gateway's, never that of a caller: it is read with this credential alone.
   *
   * @default `authorization`, unless that depends on the caller; then it must be said
   */
  readonly listAuthorization?: OutboundAuthorization | undefined
  /**
   * The pins of tools, prompts and templates, by the upstream's own names, as `proxy.pins()` gives them. What is not among them is not
   * offered.
   *
   * @default what the upstream says first is what it has to keep to, until this process ends
   */
  readonly pins?: Pins | undefined
  /** What happens when a description or a schema changes: the entry is taken away, or offered as it is now. @default 'block' */
  readonly onDefinitionChange?: 'block' | 'accept' | undefined
  /** Seconds that the upstream may be silent during a call. @default 30 */
  readonly timeout?: number | undefined
  /** Seconds that a call may take, progress reports or not. @default 300 */
  readonly maximumDuration?: number | undefined
  /** Bytes of one answer of the upstream, or of one of its streams. @default 4194304 */
  readonly maximumResponseSize?: number | undefined
  /** Entries of each list that are looked at; further ones are left out. @default 500 */
  readonly maximumEntries?: number | undefined
  /** Seconds before the first and at most between further attempts to reach it. @default [1, 60] */
  readonly backoff?: readonly [first: number, longest: number] | undefined
  /** @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

type Defaulted = Omit<McpProxyOptions, 'pins' | 'runtime'>

/** The options with their defaults. */
export type ProxySettings = { readonly [Name in keyof Defaulted]-?: Exclude<Defaulted[Name], undefined> } & {
  readonly pins: Pins | undefined
}

/** @throws {TypeError} when an option is missing or malformed */
export function checkOptions(options: McpProxyOptions): ProxySettings {
  const { name, prefix, endpoint, scopes, prompts = {}, resources = {}, authorization } = options
  const { onDefinitionChange = 'block', backoff = [1, 60] } = options
  const {
    timeout = 30,
    maximumDuration = 300,
    maximumResponseSize = 4_194_304,
    maximumEntries = 500,
  } = options
  if (typeof name !== 'string' || name === '') throw new TypeError('name the upstream: events call it so')
  if (!/^[A-Za-z0-9._-]{0,64}$/.test(prefix))
    throw new TypeError('the prefix may have 64 letters, digits, "_", "-" and "."')
  if (typeof endpoint?.open !== 'function')
    throw new TypeError('endpoint is missing: say streamableHttp(url)')
  if (typeof authorization?.credential !== 'function')
    throw new TypeError('authorization is missing: say noCredential() when the upstream is open')
  if (!endpoint.http && authorization.perCaller)
    throw new TypeError('a process over stdio has no headers, so it cannot get a credential for each caller')
  const listAuthorization = options.listAuthorization ?? authorization
  if (listAuthorization.perCaller)
    throw new TypeError('say with listAuthorization how the gateway itself lists the tools of this upstream')
  for (const [key, value] of Object.entries({ scopes, prompts, resources }))
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null))
      throw new TypeError(`${key} must say who may use what`)
  if (onDefinitionChange !== 'block' && onDefinitionChange !== 'accept')
    throw new TypeError('onDefinitionChange must be "block" or "accept"')
  const [first, longest] = backoff
  const numbers = { timeout, maximumDuration, maximumResponseSize, maximumEntries, first, longest }
  for (const [key, value] of Object.entries(numbers))
    if (!(value > 0 && value < 2 ** 31)) throw new TypeError(`${key} must be a positive number`)
  return {
    name,
    prefix,
    endpoint,
    scopes,
    prompts,
    resources,
    authorization,
    listAuthorization,
    pins: options.pins,
    onDefinitionChange,
    timeout,
    maximumDuration,
    maximumResponseSize,
    maximumEntries,
    backoff,
  }
}
