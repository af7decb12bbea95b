import type { StartedAdapter } from '@gatewright/testkit/adapter'

/** Runs a test against a server and closes it. */
export async function withServer(
  starting: Promise<StartedAdapter>,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const { url, close } = await starting
  try {
    await run(url)
  } finally {
    await close()
  }
}
