import type { ServerResponse } from 'node:http'
import { isGone } from './is-gone.ts'
import type { NodeResponse } from './node-messages.ts'

/**
 * Writes a stream as the body of a response whose head is set, no faster than the client reads it.
 *
 * The stream is cancelled when the client goes away.
 *
 * @throws whatever the stream fails with; the response is then unfinished
 */
export async function pipeBody(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: NodeResponse,
): Promise<void> {
  let gone = isGone(outgoing)
  let resume = () => {}
  const onDrain = () => resume()
  const onClose = () => {
    gone = true
    resume()
    // Whoever produces for a client that is no longer there has to stop.
    reader.cancel().catch(() => {})
  }
  if (gone) return onClose()
  // The compatibility API of HTTP/2 has all that is used here.
  const writable = outgoing as ServerResponse
  writable.on('drain', onDrain).on('close', onClose)
  // The head leaves before the first chunk where that one is not there at once: an event stream may be silent for long.
  const flush = setImmediate(() => writable.flushHeaders())
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (gone) return
      clearImmediate(flush)
      if (done) return void writable.end()
      if (!writable.write(value))
        await new Promise<void>((resolve) => {
          resume = resolve
          if (gone) resolve()
        })
    }
  } finally {
    clearImmediate(flush)
    writable.off('drain', onDrain).off('close', onClose)
  }
}
