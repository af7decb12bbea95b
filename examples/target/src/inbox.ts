import { ciba } from '@gatewright/authorization-server'
import type { BackchannelRequest, GrantType } from '@gatewright/authorization-server'
import type { RequestHandler } from '@gatewright/core'
import { localPage } from './local-page.ts'

const kept = 1000

/** Approval in the background. What users are asked stands at `/__inbox`, where a product would send it to their phones. */
export function openInbox(origin: string): { readonly grant: GrantType; readonly page: RequestHandler } {
  const asked: BackchannelRequest[] = []
  return {
    grant: ciba({
      interval: 1,
      resolveLoginHint: async (hint) => hint,
      async notifyUser(request) {
        asked.push(request)
        if (asked.length > kept) asked.shift()
      },
    }),
    page: localPage(origin, '/__inbox', () => asked),
  }
}
