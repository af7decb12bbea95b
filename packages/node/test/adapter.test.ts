import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { appAnswer, describeAdapter, listen, selfSigned } from '@gatewright/testkit/adapter'
import { toNodeListener } from '../src/index.ts'

/** Not every runtime lets them be assigned. */
function replaceGlobals(values: Readonly<Record<'Request' | 'Response', unknown>>): void {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
}

describeAdapter('node:http', (handler, options) => listen(createServer(toNodeListener(handler, options))))

describeAdapter(
  'node:http with an app behind',
  (handler, options) => {
    const listener = toNodeListener(handler, options)
    return listen(
      createServer((request, response) => {
        listener(request, response, () => void appAnswer(request, response))
      }),
    )
  },
  { app: true },
)

describeAdapter(
  'node:http with the built-in Request and Response',
  async (handler, options) => {
    const replaced = { Request, Response }
    const { url, close } = await listen(
      createServer(toNodeListener(handler, { ...options, replaceGlobals: false })),
    )
    replaceGlobals({
      Request: Object.getPrototypeOf(Request) as unknown,
      Response: Object.getPrototypeOf(Response) as unknown,
    })
    return { url, close: () => close().finally(() => replaceGlobals(replaced)) }
  },
  { lengthless: true },
)

const certificate = selfSigned('localhost')
describeAdapter(
  'node:http2',
  (handler, options) => listen(createSecureServer(certificate, toNodeListener(handler, options)), 'https'),
  { http2: true },
)
