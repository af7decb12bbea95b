import {
  createRequestStates,
  failure,
  JsonRpcError,
  text,
  type CallExtra,
  type Caller,
  type ToolRegistry,
} from '@gatewright/mcp'
import { z } from 'zod'

const states = createRequestStates({ key: 'the target is for tests: its key is no secret' })
const question = {
  message: 'What is your favourite colour?',
  requestedSchema: { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'] },
}
const answer = z.object({ action: z.literal('accept'), content: z.object({ colour: z.string().max(100) }) })

/** Adds a tool that needs one more answer from the user: in a second request since 2026-07-28, within a session before. */
export function addAsk(registry: ToolRegistry): void {
  registry.register(
    'ask',
    { description: 'Asks the user for a colour', scopes: ['read:application'] },
    async (_, caller, extra) => {
      if (extra.acceptsInputRequired) return askByResult(caller, extra)
      if (extra.ask === undefined) return failure('this client cannot be asked: it has no session')
      return told(await extra.ask('elicitation/create', question), caller)
    },
  )
}

async function askByResult(caller: Caller, extra: CallExtra) {
  const { params } = extra
  if (params.requestState === undefined)
    return {
      content: [],
      resultType: 'input_required' as const,
      inputRequests: { colour: { method: 'elicitation/create', params: question } },
      requestState: await states.seal('asked', params, caller),
    }
  // An answer counts only for the question that this caller was asked.
  if ((await states.open(params, caller)) !== 'asked')
    throw new JsonRpcError(-32602, 'The request state is not valid')
  return told((params.inputResponses as { colour?: unknown } | undefined)?.colour, caller)
}

function told(given: unknown, { subject }: Caller) {
  const parsed = answer.safeParse(given)
  return parsed.success
    ? text(`${subject} likes ${parsed.data.content.colour}`)
    : failure('the user did not answer')
}
