import type { ParseArgsConfig } from 'node:util'
import type { Target } from '@gatewright/testkit'
import { UsageError } from '../usage-error.ts'

/** The options that describe the server and what may be used there. */
export const targetOptions = {
  issuer: { type: 'string' },
  'i-own-this-server': { type: 'boolean', default: false },
  also: { type: 'string', multiple: true, default: [] },
  user: { type: 'string' },
  password: { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret': { type: 'string' },
  'redirect-uri': { type: 'string' },
  'initial-access-token': { type: 'string' },
  scope: { type: 'string' },
  tool: { type: 'string' },
  'tool-arguments': { type: 'string' },
  'tool-scope': { type: 'string' },
  'other-resource': { type: 'string' },
  'device-client': { type: 'string' },
  'document-client': { type: 'string' },
  'document-redirect-uri': { type: 'string' },
  'exchange-client': { type: 'string' },
  'exchange-secret': { type: 'string' },
  'exchange-resource': { type: 'string' },
} as const satisfies NonNullable<ParseArgsConfig['options']>

/** What was written for them. */
export interface TargetValues {
  readonly issuer?: string | undefined
  readonly 'i-own-this-server': boolean
  readonly also: readonly string[]
  readonly user?: string | undefined
  readonly password?: string | undefined
  readonly 'client-id'?: string | undefined
  readonly 'client-secret'?: string | undefined
  readonly 'redirect-uri'?: string | undefined
  readonly 'initial-access-token'?: string | undefined
  readonly scope?: string | undefined
  readonly tool?: string | undefined
  readonly 'tool-arguments'?: string | undefined
  readonly 'tool-scope'?: string | undefined
  readonly 'other-resource'?: string | undefined
  readonly 'device-client'?: string | undefined
  readonly 'document-client'?: string | undefined
  readonly 'document-redirect-uri'?: string | undefined
  readonly 'exchange-client'?: string | undefined
  readonly 'exchange-secret'?: string | undefined
  readonly 'exchange-resource'?: string | undefined
}

/**
 * Describes the target of an attack.
 *
 * @throws {UsageError} when it is not complete, or may belong to somebody else
 */
export function readTarget(
  resource: string | undefined,
  values: TargetValues,
  env: Readonly<Record<string, string | undefined>>,
): Target {
  const named = [resource, values.issuer, values['other-resource'], ...values.also].filter(
    (text) => text !== undefined,
  )
  if (resource === undefined && values.issuer === undefined)
    throw new UsageError(
      'name the MCP server, such as http://127.0.0.1:4000/mcp, or the authorization server with --issuer',
    )
  const origins = named.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new UsageError(`"${text}" is no URL; write it whole`)
    return url
  })
  const foreign = origins.find((url) => !isThisMachine(url))
  if (foreign !== undefined && !values['i-own-this-server'])
    throw new UsageError(
      `${foreign.origin} is not this machine. This sends hostile requests, registers clients and signs in: run it against ` +
        'servers that you operate only, and say so with --i-own-this-server',
    )
  const password = values.password ?? env['GATEWRIGHT_PASSWORD']
  if (values.user !== undefined && password === undefined)
    throw new UsageError('--user needs --password, or GATEWRIGHT_PASSWORD in the environment')
  return {
    ...optional('resource', resource),
    ...optional('issuer', values.issuer),
    ...optional('scope', values.scope),
    ...optional('initialAccessToken', values['initial-access-token']),
    ...optional('otherResource', values['other-resource']),
    ...(values.user === undefined || password === undefined
      ? {}
      : { user: { username: values.user, password } }),
    ...clientOf(values, env),
    ...extensionsOf(values, env),
    ...toolOf(values),
    // Metadata could lead to anybody else, or from elsewhere into this machine.
    mayContact: (url) =>
      foreign === undefined ? isThisMachine(url) : origins.some(({ origin }) => origin === url.origin),
  }
}

function optional<Name extends string>(name: Name, value: string | undefined) {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, string>>
}

function isThisMachine({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function clientOf(
  values: TargetValues,
  env: Readonly<Record<string, string | undefined>>,
): Pick<Target, 'clients'> {
  const { 'client-id': id, 'redirect-uri': redirectUri } = values
  if (id === undefined) return {}
  if (redirectUri === undefined) throw new UsageError('--client-id needs --redirect-uri, as it is registered')
  const secret = values['client-secret'] ?? env['GATEWRIGHT_CLIENT_SECRET']
  const client = { client_id: id, redirect_uris: [redirectUri] as [string] }
  return { clients: [secret === undefined ? client : { ...client, client_secret: secret }] }
}

/** The clients of what a server may have besides: devices, metadata documents, token exchange. */
function extensionsOf(
  values: TargetValues,
  env: Readonly<Record<string, string | undefined>>,
): Pick<Target, 'deviceClient' | 'documentClient' | 'exchange'> {
  const { 'device-client': device, 'document-client': document, 'exchange-client': exchange } = values
  const { 'document-redirect-uri': redirectUri, 'exchange-resource': resource } = values
  const secret = values['exchange-secret'] ?? env['GATEWRIGHT_EXCHANGE_SECRET']
  if (document !== undefined && redirectUri === undefined)
    throw new UsageError('--document-client needs --document-redirect-uri, as its document names it')
  if (exchange !== undefined && (secret === undefined || resource === undefined))
    throw new UsageError(
      '--exchange-client needs --exchange-resource, and --exchange-secret or GATEWRIGHT_EXCHANGE_SECRET in the environment',
    )
  // Neither a device nor a service is sent anywhere.
  const nowhere = ['https://client.example/callback'] as [string]
  return {
    ...(device === undefined ? {} : { deviceClient: { client_id: device, redirect_uris: nowhere } }),
    ...(document === undefined || redirectUri === undefined
      ? {}
      : { documentClient: { client_id: document, redirect_uris: [redirectUri] as [string] } }),
    ...(exchange === undefined || secret === undefined || resource === undefined
      ? {}
      : {
          exchange: {
            client: { client_id: exchange, client_secret: secret, redirect_uris: nowhere },
            resource,
          },
        }),
  }
}

function toolOf(values: TargetValues): Pick<Target, 'tool'> {
  const { tool: name, 'tool-scope': scope, 'tool-arguments': json } = values
  if (name === undefined) return {}
  if (scope === undefined)
    throw new UsageError('--tool needs --tool-scope: the scope that the token of --scope lacks')
  try {
    return { tool: { name, scope, arguments: JSON.parse(json ?? '{}') as Record<string, unknown> } }
  } catch {
    throw new UsageError('--tool-arguments is no JSON')
  }
}
