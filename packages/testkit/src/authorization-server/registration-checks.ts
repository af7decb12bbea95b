import { tell } from '../bench/answer.ts'
import { commonMetadata } from '../bench/clients.ts'
import { expectThat, failed, passed } from '../check.ts'
import type { Check } from '../check.ts'

/** How clients register themselves. */
export const registrationChecks: readonly Check[] = [
  {
    id: 'authorization-server.registration',
    rows: ['CR-01'],
    title: 'registers a native client, and gives it an id and no secret',
    section: 'RFC 7591 §3.2.1',
    severity: 'must',
    mend: 'Answer 201 with `client_id` and what was registered; a client that asked for `none` gets no secret.',
    async run(bench) {
      const answer = await bench.register({
        ...commonMetadata,
        redirect_uris: ['http://127.0.0.1:33418/callback'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      })
      const { client_id: id, client_secret: secret } = answer.json
      return expectThat(answer.status === 201 && typeof id === 'string' && secret === undefined, tell(answer))
    },
  },
  {
    id: 'authorization-server.registration-no-store',
    rows: ['HT-11'],
    title: 'forbids to store what it answers to a registration',
    section: 'RFC 6749 §5.1',
    severity: 'must',
    mend: 'Answer with `Cache-Control: no-store`: it may carry secrets.',
    async run(bench) {
      const answer = await bench.register({
        ...commonMetadata,
        redirect_uris: ['https://client.example/callback'],
      })
      const control = answer.headers.get('cache-control')
      return expectThat(control?.includes('no-store') === true, `Cache-Control: ${control ?? '(none)'}`)
    },
  },
  {
    id: 'authorization-server.registration-errors',
    rows: ['CR-18'],
    title: 'answers a registration that is none with an error that says so',
    section: 'RFC 7591 §3.2.2',
    severity: 'must',
    mend: 'Answer 400 with a JSON error, and validate before use: nothing of this may end in a 500.',
    async run(bench) {
      for (const body of [
        [],
        null,
        'x',
        { redirect_uris: 'https://client.example/callback' },
        { redirect_uris: [{}] },
      ]) {
        const answer = await bench.register(body as object)
        if (answer.status < 400 || answer.status >= 500 || typeof answer.json['error'] !== 'string')
          return failed(`${JSON.stringify(body)}: ${tell(answer)}`)
      }
      return passed
    },
  },
]
