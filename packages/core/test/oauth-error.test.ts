// RFC 6749 §5.2: https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2
import { describe, expect, test } from 'vitest'
import { asciiDescription, OAuthError } from '@gatewright/core'

describe('an OAuthError', () => {
  test.each([
    ['invalid_request', 400],
    ['invalid_grant', 400],
    ['invalid_client', 401],
    ['invalid_token', 401],
    ['insufficient_scope', 403],
    ['server_error', 500],
    ['temporarily_unavailable', 503],
    ['urn:example:own_code', 400],
    ['constructor', 400],
  ])('%s has the status %i', (code, status) => {
    expect(new OAuthError(code, 'message').status).toBe(status)
  })

  test('has the status and headers that it is given', () => {
    const error = new OAuthError('invalid_request', 'message', {
      status: 413,
      headers: { 'retry-after': '1' },
    })
    expect([error.status, error.headers]).toEqual([413, { 'retry-after': '1' }])
  })

  test('sends its code and message, and nothing of its cause', () => {
    const error = new OAuthError('server_error', 'something failed', { cause: new Error('password=hunter2') })
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      error: 'server_error',
      error_description: 'something failed',
    })
    expect(error.cause).toEqual(new Error('password=hunter2'))
  })

  test('has no cause when none is given', () => {
    expect('cause' in new OAuthError('invalid_request', 'message')).toBe(false)
  })

  test('is recognised when another copy of the package made it', () => {
    const stranger = Object.assign(new Error('message'), { code: 'invalid_grant' })
    Object.defineProperty(stranger, Symbol.for('gatewright.OAuthError'), { value: true })
    expect(stranger instanceof OAuthError).toBe(true)
  })

  test.each([undefined, null, 'text', new Error('message'), { code: 'invalid_grant' }])(
    'is not what %j is',
    (value) => {
      expect(value instanceof OAuthError).toBe(false)
    },
  )

  test('has subclasses that are told apart from it', () => {
    class LoginError extends OAuthError {}
    const login = new LoginError('access_denied', 'message')
    expect([login instanceof LoginError, login instanceof OAuthError]).toEqual([true, true])
    expect(new OAuthError('access_denied', 'message') instanceof LoginError).toBe(false)
  })
})

describe('a description', () => {
  test('keeps what the standard permits', () => {
    const permitted = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
      .filter((character) => character !== '"' && character !== '\\')
      .join('')
    expect(asciiDescription(permitted)).toBe(permitted)
  })

  test('loses everything that could end a quoted string or a header', () => {
    expect(asciiDescription('a"b\\c\r\nd\u0000e\u007ff')).toBe(`a'b?c??d?e?f`)
  })

  test('loses what is not ASCII', () => {
    expect(asciiDescription('Größe 🙂 ‮')).toBe('Gr??e ?? ?')
  })

  test('ends after 1,000 characters', () => {
    expect(asciiDescription('x'.repeat(5000))).toHaveLength(1000)
  })
})
