async function answer(request: Request): Promise<Response> {
  // Not at the top: `next build` runs what is there, where the secret should not be.
  const { handler } = await import('../../../handler.ts')
  // Only a proxy that removes the header from what comes in may be believed; on Vercel it does.
  const ip = process.env['VERCEL'] === '1' ? request.headers.get('x-real-ip') : null
  const response = await handler.handle(request, { ip: ip ?? undefined })
  return response ?? new Response('Not found', { status: 404 })
}

export { answer as GET, answer as HEAD, answer as POST, answer as PUT, answer as DELETE, answer as OPTIONS }
