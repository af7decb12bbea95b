import { connect } from 'node:tls'

/** What an HTTP/2 server sent on a stream: the data, and the code of a reset. */
export interface RawAnswer {
  readonly data: string
  readonly reset: number | undefined
}

/** Sends header fields over HTTP/2 that clients refuse to send, and gives what comes back. */
export function rawHttp2(url: string, fields: readonly (readonly [string, string])[]): Promise<RawAnswer> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const options = {
      port: Number(port),
      host: '127.0.0.1',
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
    }
    const socket = connect(options, () => {
      socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      socket.write(frame(4, 0, 0, Buffer.alloc(0)))
      // END_STREAM and END_HEADERS
      socket.write(frame(1, 5, 1, Buffer.concat(fields.map(literal))))
    })
    let received = Buffer.alloc(0)
    let data = ''
    const finish = (reset?: number) => {
      socket.destroy()
      resolve({ data, reset })
    }
    socket.on('error', reject)
    socket.on('close', () => finish())
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 9 && received.length >= 9 + received.readUIntBE(0, 3)) {
        const payload = received.subarray(9, 9 + received.readUIntBE(0, 3))
        const [type, flags] = [received.readUInt8(3), received.readUInt8(4)]
        received = received.subarray(9 + payload.length)
        if (type === 0) data += payload.toString()
        if (type === 3) finish(payload.readUInt32BE(0))
        else if (type === 7) finish(payload.readUInt32BE(4))
        else if (type <= 1 && (flags & 1) === 1) finish()
      }
    })
  })
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

// RFC 7541 §6.2.2: a literal field without indexing, with a new name.
function literal([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat([
    Buffer.from([0, Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([Buffer.byteLength(value)]),
    Buffer.from(value),
  ])
}
