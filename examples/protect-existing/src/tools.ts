import { createToolRegistry, failure, json } from '@gatewright/mcp'
import { z } from 'zod'
import { scopes } from './scopes.ts'

interface Order {
  readonly id: string
  readonly item: string
  cancelled: boolean
}

/** The tools, on orders that are made up for whoever asks first. */
export function createTools() {
  const orders = new Map<string, Order[]>()
  const of = (subject: string) => {
    const own = orders.get(subject) ?? ['Lamp', 'Chair'].map(makeUp)
    orders.set(subject, own)
    return own
  }
  return createToolRegistry({ scopes })
    .register('list_orders', { description: 'List your orders', scopes: ['read:orders'] }, (_input, caller) =>
      json(of(caller.subject)),
    )
    .register(
      'cancel_order',
      {
        description: 'Cancel an order',
        scopes: ['write:orders'],
        input: z.object({ id: z.string() }),
        // Listed for everybody: a client that may not use it yet can ask the user for more.
        list: 'show',
      },
      ({ id }, { subject }) => {
        const order = of(subject).find((candidate) => candidate.id === id)
        if (order === undefined) return failure('there is no such order')
        order.cancelled = true
        return json(order)
      },
    )
}

function makeUp(item: string, index: number): Order {
  return { id: String(index + 1), item, cancelled: false }
}
