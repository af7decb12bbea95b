const origin = 'https://auth.example.com'
const json = { 'content-type': 'application/json' }
const text = { 'content-type': 'text/plain;charset=UTF-8' }

/** What a form is answered with. */
const answerTo = (form) => JSON.stringify({ grant_type: form.get('grant_type'), code: form.get('code') })

const body = new URLSearchParams({
  grant_type: 'authorization_code',
  code: 'a-code-of-43-characters-in-base64url-0123456',
  redirect_uri: 'https://app.example.com/callback',
  code_verifier: 'a-verifier-of-43-characters-in-base64url-01',
}).toString()

/** What servers are asked, by name: a text for a GET, which is the least, and a small JSON for a form, which is what endpoints do. */
const works = {
  get: {
    path: '/ok',
    request: { method: 'GET', path: '/ok', headers: {} },
    respond: () => new Response('ok'),
    answer: () => ({ headers: text, body: 'ok' }),
  },
  form: {
    path: '/token',
    request: {
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    },
    respond: async (request) =>
      new Response(answerTo(new URLSearchParams(await request.text())), { headers: json }),
    answer: (text) => ({ headers: json, body: answerTo(new URLSearchParams(text)) }),
  },
}

/** A contender that is a server which does one of the works. `start` is given the work as a handler and as a function of the body. */
export function contender(name, start) {
  const { path, request, respond, answer } = works[name]
  const url = origin + path
  const handler = {
    origin,
    handle: async (asked) => (asked.url === url ? respond(asked) : undefined),
  }
  return {
    server: () => start({ handler, path, respond, answer }),
    request,
  }
}
