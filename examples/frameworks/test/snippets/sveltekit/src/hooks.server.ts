import { building } from '$app/environment'
import type { Handle } from '@sveltejs/kit'

export const handle: Handle = async ({ event, resolve }) => {
  // `vite build` asks for the pages that it prerenders, and has neither a secret nor a client.
  if (building) return resolve(event)
  const { handler } = await import('../../handler.ts')
  return (await handler.handle(event.request, { ip: event.getClientAddress() })) ?? resolve(event)
}
