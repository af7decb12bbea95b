import { connect } from 'node:net'

/**
 * Opens connections that are kept: requests go over each of them one after another, and the status of every answer is checked.
 *
 * It writes and reads HTTP/1.1 by hand, because a client of `node:http` would cost more than the servers that it measures.
 */
export async function openLine(port, count) {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)))
  return {
    async send(requests) {
      const times = new Float64Array(requests.length)
      let next = 0
      const lane = async (connection) => {
        while (next < requests.length) {
          const index = next++
          const { expect = 200, ...request } = requests[index]
          const sent = performance.now()
          const { status, text } = await connection.send(request)
          times[index] = (performance.now() - sent) * 1000
          if (status !== expect)
            throw new Error(`${request.method} ${request.path} answered ${status}: ${text.slice(0, 300)}`)
        }
      }
      const rest = stayAwake()
      try {
        await Promise.all(connections.map(lane))
      } finally {
        rest()
      }
      return { times }
    },
    close() {
      for (const connection of connections) connection.close()
    },
  }
}

/**
 * Keeps the event loop of the client turning until it is told to rest.
 *
 * A client that sleeps must be woken by what the server writes, at the server's expense, and sleeps only beside the slower servers. The
 * clients of a real one are on other machines.
 */
function stayAwake() {
  let turn = setImmediate(function next() {
    turn = setImmediate(next)
  })
  return () => clearImmediate(turn)
}

/** One connection to the server on a port, for one request at a time. */
async function openConnection(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise((done, failed) => socket.once('connect', done).once('error', failed))
  let received = Buffer.alloc(0)
  let waiting
  const settle = (name, value) => {
    const current = waiting
    waiting = undefined
    current?.[name](value)
  }
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    const answer = readAnswer(received)
    if (answer === undefined) return
    received = received.subarray(answer.end)
    settle('done', answer)
  })
  socket.on('error', (error) => settle('failed', error))
  socket.on('close', () => settle('failed', new Error('the server closed the connection')))
  return {
    send({ method, path, headers = {}, body = '' }) {
      const answered = new Promise((done, failed) => (waiting = { done, failed }))
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      const length = method === 'GET' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`
      socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${fields.join('')}${length}\r\n${body}`,
      )
      return answered
    },
    close: () => socket.destroy(),
  }
}

/** The first answer in some bytes, or `undefined` while it is not whole. */
function readAnswer(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd === -1) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const start = headEnd + 4
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const end = start + Number(length)
    return bytes.length < end ? undefined : { status, text: bytes.toString('utf8', start, end), end }
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, text: '', end: start }
  let text = ''
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + size
    if (bytes.length < end + 2) return undefined
    text += bytes.toString('utf8', lineEnd + 2, end)
    at = end + 2
    if (size === 0) return { status, text, end: at }
  }
}
