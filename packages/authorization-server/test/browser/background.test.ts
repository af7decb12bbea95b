import { ciba, registered } from '@gatewright/authorization-server'
import type { BackchannelRequest } from '@gatewright/authorization-server'
import { afterEach, expect, it } from 'vitest'
import { cibaGrant } from '../support/ciba.ts'
import { describeInBrowser } from './support/chromium.ts'
import { leastContrast, surplusWidth } from './support/look.ts'
import { setting, unreasonable } from './support/setting.ts'
import type { Setting } from './support/setting.ts'

const views = [
  { colorScheme: 'light', width: 1280, message: 'Ticket 4711' },
  { colorScheme: 'dark', width: 320, message: undefined },
  { colorScheme: 'light', width: 320, message: 'M'.repeat(100) },
] as const

describeInBrowser('a request from elsewhere in a browser', (openWindow) => {
  let place: Setting | undefined

  afterEach(() => place?.close())

  it.each(views)(
    'fits, is readable and is answered in $colorScheme at $width pixels with the message $message',
    async ({ colorScheme, width, message }) => {
      const asked: BackchannelRequest[] = []
      const names = message !== undefined && message.length > 50 ? unreasonable : undefined
      place = await setting(names, {
        clients: [
          registered({
            client_id: 'desk',
            client_name: names?.client ?? 'Service desk',
            client_secret: 'desk-secret',
            grant_types: [cibaGrant],
          }),
        ],
        grants: [
          ciba({
            resolveLoginHint: async (hint) => hint,
            notifyUser: async (request) => void asked.push(request),
          }),
        ],
      })
      const { origin } = place
      const ask = async () => {
        const response = await fetch(`${origin}/bc-authorize`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa('desk:desk-secret')}` },
          body: new URLSearchParams({
            scope: 'openid read:application',
            login_hint: 'alice',
            ...(message === undefined ? {} : { binding_message: message }),
          }),
        })
        expect(response.status).toBe(200)
        return ((await response.json()) as { auth_req_id: string }).auth_req_id
      }
      const tokens = async (id: string) => {
        const response = await fetch(`${origin}/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa('desk:desk-secret')}` },
          body: new URLSearchParams({ grant_type: cibaGrant, auth_req_id: id }),
        })
        return (await response.json()) as Record<string, unknown>
      }
      const { page, complaints } = await openWindow({
        colorScheme,
        viewport: { width, height: 720 },
      })
      const look = async (name: string) => {
        expect(await surplusWidth(page), `${name} is too wide`).toBeLessThanOrEqual(0)
        const { ratio, text } = await leastContrast(page)
        expect(ratio, `contrast of "${text}" on the page ${name}`).toBeGreaterThanOrEqual(4.5)
      }

      const id = await ask()
      await page.goto(asked[0]?.url ?? '')
      await page.fill('#username', 'alice')
      await page.fill('#password', 'alice-pw')
      await page.click('#login button')
      await page.waitForSelector('#consent')
      await page.getByText('This request was started elsewhere.').waitFor()
      expect(
        await page
          .locator('#consent .facts')
          .getByText(message ?? 'Message of the app')
          .count(),
      ).toBe(message === undefined ? 0 : 1)
      await look('consent')
      await page.click('button[value=approve]')
      await page.getByRole('status').waitFor()
      expect(await page.getByRole('heading').innerText()).toBe('Request approved')
      await look('done')
      expect((await tokens(id))['id_token']).toBeTypeOf('string')

      const other = await ask()
      await page.goto(asked[1]?.url ?? '')
      await page.click('button[value=deny]')
      await page.getByRole('status').waitFor()
      expect(await page.getByRole('heading').innerText()).toBe('Request denied')
      expect((await tokens(other))['error']).toBe('access_denied')
      expect(complaints).toEqual([])
    },
  )
})
