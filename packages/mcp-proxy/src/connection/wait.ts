/** Waits for some seconds, or until the signal says that there is nothing left to wait for. A process may end meanwhile. */
export function wait(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, seconds * 1000)
    ;(timer as { unref?: () => void }).unref?.()
    signal.addEventListener('abort', () => {
      clearTimeout(timer as Parameters<typeof clearTimeout>[0])
      resolve()
    })
  })
}
