import { handler } from '../../handler.ts'
import type { Handle } from '@sveltejs/kit'

export const handle: Handle = async ({ event, resolve }) =>
  (await handler.handle(event.request, { ip: event.getClientAddress() })) ?? resolve(event)
