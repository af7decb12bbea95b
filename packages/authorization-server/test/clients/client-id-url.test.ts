// Client ID Metadata Document draft-00 §3
import { describe, expect, it } from 'vitest'
import { isClientIdUrl } from '../../src/clients/metadata-document/client-id-url.ts'

describe('isClientIdUrl', () => {
  it.each([
    'https://client.example.com/metadata.json',
    'https://client.example.com:8443/a/b?tenant=1',
    'https://xn--exmple-cua.com/cb',
    'https://client.example.com/a//b',
    'https://client.example.com/~user/%7Bid%7D',
  ])('%s is one', (id) => expect(isClientIdUrl(id)).toBe(true))

  it.each([
    'http://client.example.com/metadata.json',
    'https://client.example.com',
    'https://client.example.com/',
    'https://client.example.com/?a=1',
    'https://client.example.com/a#',
    'https://client.example.com/a#b',
    'https://client.example.com/a?',
    'https://user@client.example.com/a',
    'https://:pw@client.example.com/a',
    'https://@client.example.com/a',
    'https://client.example.com:443/a',
    'https://client.example.com:/a',
    'https://CLIENT.example.com/a',
    'HTTPS://client.example.com/a',
    'https:/client.example.com/a',
    'https:client.example.com/a',
    'https://client.example.com\\a',
    'https://client.example.com/a/../b',
    'https://client.example.com/./b',
    'https://client.example.com/a/%2e%2e/b',
    'https://client.example.com/a/.%2E',
    ' https://client.example.com/a',
    'https://client.example.com/a\n',
    'https://client.example.com/a b',
    'https://exämple.com/cb',
    'https://２１３0706433/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    `https://client.example.com/${'a'.repeat(2048)}`,
    'urn:example:client',
    'claude-desktop-mcp',
    '',
  ])('CM-27 %s is not', (id) => expect(isClientIdUrl(id)).toBe(false))
})
