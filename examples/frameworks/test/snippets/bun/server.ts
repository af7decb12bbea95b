import { handler } from '../handler.ts'

// bun run server.ts
export default {
  // Only this machine can connect; 0.0.0.0 opens it to the network.
  hostname: process.env['HOST'] ?? '127.0.0.1',
  port: Number(process.env['PORT'] ?? 3000),
  // In seconds, and the most. Without it, Bun breaks off a tool that says nothing for ten.
  idleTimeout: 255,
  async fetch(
    request: Request,
    server: { requestIP(request: Request): { address: string } | null },
  ): Promise<Response> {
    const ip = server.requestIP(request)?.address
    return (await handler.handle(request, { ip })) ?? new Response('my app')
  },
}
