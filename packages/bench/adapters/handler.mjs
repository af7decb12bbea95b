const origin = 'https://auth.example.com'

/** A handler that reads a form and answers with a small JSON: the least that an endpoint does. */
export const handler = {
  origin,
  async handle(request) {
    if (new URL(request.url).pathname !== '/token') return undefined
    const form = new URLSearchParams(await request.text())
    return new Response(answerTo(form), { headers: { 'content-type': 'application/json' } })
  },
}

/** The answer to a form. */
export function answerTo(form) {
  return JSON.stringify({ grant_type: form.get('grant_type'), code: form.get('code') })
}

const body = new URLSearchParams({
  grant_type: 'authorization_code',
  code: 'a-code-of-43-characters-in-base64url-0123456',
  redirect_uri: 'https://app.example.com/callback',
  code_verifier: 'a-verifier-of-43-characters-in-base64url-01',
}).toString()

/** A contender that is a server. */
export const contender = (server) => ({
  server,
  prepare: (count) =>
    Array.from({ length: count }, () => ({
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })),
})
