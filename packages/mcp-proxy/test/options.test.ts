import { noCredential } from '@gatewright/token-exchange'
import { expect, it } from 'vitest'
import { createMcpProxy, streamableHttp, type McpProxyOptions } from '../src/index.ts'

const good: McpProxyOptions = {
  name: 'ledger',
  endpoint: streamableHttp('https://ledger.example.com/mcp'),
  prefix: 'up_',
  scopes: {},
  authorization: noCredential(),
}

it.each([
  [{ name: '' }, /name/],
  [{ prefix: 'a b' }, /prefix/],
  [{ endpoint: undefined }, /endpoint/],
  [{ scopes: undefined }, /scopes/],
  [{ authorization: undefined }, /authorization/],
  [{ authorization: { ...noCredential(), perCaller: true } }, /listAuthorization/],
  [{ onDefinitionChange: 'ignore' }, /onDefinitionChange/],
  [{ timeout: 0 }, /timeout/],
  [{ maximumEntries: -1 }, /maximumEntries/],
  [{ backoff: [0, 1] }, /first/],
])('the options %j are refused at once', (options, message) => {
  expect(() => createMcpProxy({ ...good, ...options } as McpProxyOptions)).toThrow(message)
})

it.each([
  'http://ledger.example.com/mcp',
  'http://127.0.0.1:1/mcp',
  'https://localhost/mcp',
  'javascript:alert(1)',
  'file:///x',
  'x',
  'https://a:b@ledger.example.com/',
])('PX-14 an upstream at %s is refused', (url) => {
  expect(() => streamableHttp(url)).toThrow(TypeError)
})

it('PX-14 a private one only when that is said', () => {
  expect(streamableHttp('http://127.0.0.1:1/mcp', { allowPrivate: true }).address).toBe(
    'http://127.0.0.1:1/mcp',
  )
  for (const url of ['javascript:alert(1)', 'file:///x'])
    expect(() => streamableHttp(url, { allowPrivate: true })).toThrow(TypeError)
})
