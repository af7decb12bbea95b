/** Waits for some seconds, or until the signal says that there is nothing left to wait for. A process may end meanwhile. */
export function wait(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, seconds * 1000)
    signal.addEventListener('abort', done)
    ;(timer as { unref?: () => void }).unref?.()
  })
}
