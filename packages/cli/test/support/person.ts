const decode = (text: string) =>
  text
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')

/** Signs alice in at the target and approves everything; resolves when the callback was opened. */
export async function signInAtTarget(start: URL, decision: 'approve' | 'deny' = 'approve'): Promise<void> {
  const cookies = new Map<string, string>()
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < 12; step++) {
    const response = await fetch(url, {
      ...(form === undefined ? {} : { method: 'POST', body: form }),
      headers: { accept: 'text/html', cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      redirect: 'manual',
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    form = undefined
    const html = await response.text()
    const location = response.headers.get('location')
    if (location !== null) {
      url = new URL(location, url)
      continue
    }
    if (url.pathname === '/callback') return
    const [, action, content = ''] =
      /<form id="(?:login|consent)"[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(html) ?? []
    if (action === undefined) throw new Error(`no form on this page:\n${html}`)
    form = new URLSearchParams({ username: 'alice', password: 'alice-pw', decision })
    for (const [input] of content.matchAll(/<input[^>]*type="(?:hidden|checkbox)"[^>]*>/g)) {
      const attribute = (name: string) => decode(new RegExp(`\\s${name}="([^"]*)"`).exec(input)?.[1] ?? '')
      form.append(attribute('name'), attribute('value'))
    }
    url = new URL(decode(action), url)
  }
  throw new Error('the sign-in goes round in circles')
}
