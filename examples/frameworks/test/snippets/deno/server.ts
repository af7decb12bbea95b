import { handler } from '../handler.ts'

// deno serve --allow-net --allow-env server.ts
export default {
  async fetch(request: Request, info: { remoteAddr: { hostname?: string } }): Promise<Response> {
    const ip = info.remoteAddr.hostname
    return (await handler.handle(request, { ip })) ?? new Response('my app')
  },
}
