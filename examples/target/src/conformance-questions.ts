import {
  createRequestStates,
  JsonRpcError,
  promptText,
  text,
  type Caller,
  type CallExtra,
  type ToolRegistry,
} from '@gatewright/mcp'
import { z } from 'zod'

const gate = { scopes: ['read:application'] } as const
const states = createRequestStates({ key: 'the target is for tests: its key is no secret' })
const inputRequired = 'input_required' as const

const elicit = (message: string, properties: object, required = Object.keys(properties)) => ({
  method: 'elicitation/create',
  params: { message, requestedSchema: { type: 'object', properties, required } },
})
const sample = (question: string) => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: question } }], maxTokens: 100 },
})
const roots = { method: 'roots/list', params: {} }
const name = { name: { type: 'string' } }

type Responses = Readonly<
  Record<string, { readonly content?: Readonly<Record<string, unknown>> } | undefined>
>
const responsesOf = ({ params }: CallExtra) => (params.inputResponses ?? {}) as Responses
const capabilitiesOf = ({ params }: CallExtra) =>
  ((params._meta as Record<string, unknown> | undefined)?.['io.modelcontextprotocol/clientCapabilities'] ??
    {}) as Readonly<Record<string, unknown>>

/** The payload of the state that came back; a state that is not ours is refused. */
async function earlier(extra: CallExtra, caller: Caller): Promise<unknown> {
  if (extra.params.requestState === undefined) return undefined
  const payload = await states.open(extra.params, caller)
  if (payload === undefined) throw new JsonRpcError(-32602, 'The request state is not valid')
  return payload
}

/** Adds what the conformance suite is asked by: several rounds of 2026-07-28, and requests within a session before. */
export function addConformanceQuestions(registry: ToolRegistry): void {
  const tool = (suffix: string, handler: (extra: CallExtra, caller: Caller) => Promise<object> | object) =>
    registry.register(`test_${suffix}`, { description: suffix, ...gate }, async (_, caller, extra) => ({
      content: [],
      ...(await handler(extra, caller)),
    }))
  const ask = (inputRequests: Readonly<Record<string, unknown>>, requestState?: string) => ({
    resultType: inputRequired,
    inputRequests,
    ...(requestState !== undefined && { requestState }),
  })
  const askName = ask({ user_name: elicit('What is your name?', name) })

  tool('input_required_result_elicitation', (extra) => {
    const given = responsesOf(extra).user_name?.content?.name
    return typeof given === 'string' ? text(`Hello, ${given}!`) : askName
  })
  tool('input_required_result_sampling', (extra) => {
    const answer = responsesOf(extra).capital_question
    return answer === undefined
      ? ask({ capital_question: sample('What is the capital of France?') })
      : text(JSON.stringify(answer))
  })
  tool('input_required_result_list_roots', (extra) => {
    const answer = responsesOf(extra).client_roots
    return answer === undefined ? ask({ client_roots: roots }) : text(JSON.stringify(answer))
  })
  for (const suffix of ['request_state', 'tampered_state'])
    tool(`input_required_result_${suffix}`, async (extra, caller) => {
      const known = await earlier(extra, caller)
      if (known !== undefined && responsesOf(extra).confirm !== undefined) return text('state-ok')
      return ask(
        { confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) },
        await states.seal({ step: 1 }, extra.params, caller),
      )
    })
  tool('input_required_result_multiple_inputs', async (extra, caller) => {
    const { user_name: named, greeting, client_roots: listed } = responsesOf(extra)
    await earlier(extra, caller)
    if (named !== undefined && greeting !== undefined && listed !== undefined)
      return text('All there, thank you.')
    return ask(
      {
        user_name: elicit('What is your name?', name),
        greeting: sample('Generate a greeting'),
        client_roots: roots,
      },
      await states.seal({ step: 1 }, extra.params, caller),
    )
  })
  tool('input_required_result_multi_round', async (extra, caller) => {
    const known = (await earlier(extra, caller)) as { step: number } | undefined
    const { step1, step2 } = responsesOf(extra)
    if (known?.step === 2 && step2 !== undefined) return text('Both steps are done.')
    if (known?.step === 1 && step1 !== undefined)
      return ask(
        { step2: elicit('Step 2: What is your favorite color?', { color: { type: 'string' } }) },
        await states.seal({ step: 2 }, extra.params, caller),
      )
    return ask(
      { step1: elicit('Step 1: What is your name?', name) },
      await states.seal({ step: 1 }, extra.params, caller),
    )
  })
  tool('input_required_result_capabilities', (extra) => {
    const can = capabilitiesOf(extra)
    return ask({
      ...(can.elicitation !== undefined && { user_name: elicit('What is your name?', name) }),
      ...(can.sampling !== undefined && { question: sample('Say hello') }),
    })
  })
  tool('missing_capability', (extra) => {
    if (capabilitiesOf(extra).sampling === undefined)
      throw new JsonRpcError(-32021, 'The client lacks a capability', {
        requiredCapabilities: { sampling: {} },
      })
    return text('ok')
  })
  tool('streaming_elicitation', () => askName)
  tool('logging_tool', () => text('Nothing is logged.'))
  registry.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'Asks', ...gate },
    (_, __, extra) => {
      const context = responsesOf(extra).user_context?.content?.context
      return typeof context === 'string'
        ? promptText(`Use this context: ${context}`)
        : ask({
            user_context: elicit('What context should the prompt use?', { context: { type: 'string' } }),
          })
    },
  )
  addSessionQuestions(registry)
}

function addSessionQuestions(registry: ToolRegistry): void {
  const question = z.object({ message: z.string().optional(), prompt: z.string().optional() })
  const asking = (
    suffix: string,
    request: (given: z.infer<typeof question>) => { method: string; params: object },
  ) =>
    registry.register(
      `test_${suffix}`,
      { description: suffix, ...gate, input: question },
      async (given, _, extra) => {
        const { method, params } = request(given)
        const answer = await extra.ask?.(method, { ...params })
        return text(
          answer === undefined ? 'This client cannot be asked.' : `The answer: ${JSON.stringify(answer)}`,
        )
      },
    )
  asking('sampling', ({ prompt = 'Hello' }) => sample(prompt))
  asking('elicitation', ({ message = 'Who are you?' }) =>
    elicit(message, { username: { type: 'string' }, email: { type: 'string' } }),
  )
  asking('elicitation_sep1034_defaults', () =>
    elicit(
      'Please confirm these values',
      {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
      [],
    ),
  )
  const titled = ['one', 'two', 'three'].map((value, index) => ({
    const: `value${index + 1}`,
    title: `Value ${value}`,
  }))
  const plain = ['option1', 'option2', 'option3']
  asking('elicitation_sep1330_enums', () =>
    elicit(
      'Please choose',
      {
        untitledSingle: { type: 'string', enum: plain },
        titledSingle: { type: 'string', oneOf: titled },
        legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
        untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: plain } },
        titledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { anyOf: titled } },
      },
      [],
    ),
  )
}
