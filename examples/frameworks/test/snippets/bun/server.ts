import { handler } from '../handler.ts'

// bun run server.ts
export default {
  port: 3000,
  async fetch(
    request: Request,
    server: { requestIP(request: Request): { address: string } | null },
  ): Promise<Response> {
    const ip = server.requestIP(request)?.address
    return (await handler.handle(request, { ip })) ?? new Response('my app')
  },
}
