import type { RequestHandler } from '@gatewright/core'
import { createToolRegistry, failure, json, promptText, type Caller } from '@gatewright/mcp'
import { mcpServer } from '@gatewright/mcp/server'
import { createResourceServer } from '@gatewright/resource-server'
import { z } from 'zod'
import type { Addresses } from '../addresses.ts'
import { scopes } from '../scopes.ts'

/** An MCP server of its own, which the gateway puts behind its gate. */
export function createLedger(
  { issuer, ledger }: Addresses,
  seen: (caller: Caller, what: string, request: Request | undefined) => void,
): RequestHandler {
  const balances = new Map([
    ['checking', 500],
    ['savings', 9000],
  ])
  const transfer = z.object({ from: z.string(), to: z.string(), amount: z.number().positive() })
  const registry = createToolRegistry({ scopes })
    .register(
      'listAccounts',
      { description: 'List the accounts and what is on them', scopes: ['ledger:ListAccounts'], list: 'show' },
      (_input, caller, { request }) => {
        seen(caller, 'listAccounts', request)
        return json(Object.fromEntries(balances))
      },
    )
    .register(
      'transfer',
      {
        description: 'Move money between accounts',
        scopes: ['ledger:Transfer'],
        input: transfer,
        list: 'show',
      },
      ({ from, to, amount }, caller, { request }) => {
        seen(caller, 'transfer', request)
        const available = balances.get(from) ?? 0
        if (available < amount || !balances.has(to))
          return failure('There is not enough money, or no such account.')
        balances.set(from, available - amount).set(to, (balances.get(to) ?? 0) + amount)
        return json(Object.fromEntries(balances))
      },
    )
    .registerResource(
      'ledger://accounts/{name}',
      {
        name: 'account',
        description: 'What is on an account',
        mimeType: 'application/json',
        scopes: ['ledger:ListAccounts'],
        list: 'show',
      },
      ({ name = '' }, caller, { request, uri }) => {
        seen(caller, uri, request)
        return balances.has(name)
          ? { text: JSON.stringify({ name, balance: balances.get(name) }) }
          : undefined
      },
    )
    .registerPrompt(
      'review',
      {
        description: 'Review what happened on an account',
        scopes: ['ledger:ListAccounts'],
        list: 'show',
        arguments: [
          {
            name: 'account',
            required: true,
            complete: (typed) => [...balances.keys()].filter((name) => name.startsWith(typed)),
          },
        ],
      },
      ({ account }, caller, { request }) => {
        seen(caller, 'review', request)
        return promptText(`Review what happened on the account ${account}.`)
      },
    )
  const resourceServer = createResourceServer({ issuer, resource: ledger, scopes })
  return mcpServer({ registry, resourceServer, name: 'ledger', version: '1.0.0' })
}
