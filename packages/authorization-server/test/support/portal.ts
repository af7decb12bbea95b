import type { AuthorizationRequest, Interaction, Visit } from '@gatewright/core'

/** A login that the integrator has already: a portal with a session cookie of its own, on the same host. */
export function createPortal() {
  const sessions = new Map<string, { subject: string; authenticatedAt: number; amr?: readonly string[] }>()
  const asked: AuthorizationRequest[] = []
  const portalCookie = ({ http }: Visit) =>
    /(?:^|; )portal=([^;]*)/.exec(http.headers.get('cookie') ?? '')?.[1]
  const interaction: Interaction = {
    async authenticate(request, visit) {
      asked.push(request)
      const known = sessions.get(portalCookie(visit) ?? '')
      if (known !== undefined) return known
      const headers = {
        location: `https://portal.example.com/login?return=${encodeURIComponent(visit.action)}`,
        'set-cookie': 'portal_state=1; Path=/; HttpOnly',
      }
      return new Response(null, { status: 302, headers })
    },
    async consent(request, _subject, visit) {
      if (visit.form?.get('decision') === 'approve') return { scopes: request.scopes.map(({ name }) => name) }
      const headers = { 'content-type': 'text/html', 'set-cookie': 'portal_seen=1' }
      const page = `<form id="consent" action="${visit.action}"><input name="csrf" value="${await visit.csrf()}"></form>`
      return new Response(page, { headers })
    },
  }
  return { interaction, sessions, asked }
}
