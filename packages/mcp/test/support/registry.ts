import type { GatewrightEvent } from '@gatewright/core'
import { z } from 'zod'
import { createToolRegistry, failure, json, promptText, text } from '../../src/index.ts'
import { scopes } from './issuer.ts'

/** A registry like that of the applications' server, that records what it did. */
export function testRegistry(events: GatewrightEvent[] = []) {
  const done: string[] = []
  const id = z.object({ id: z.string().max(100) })
  const registry = createToolRegistry({ scopes, onEvent: (event) => events.push(event) })
    .register('whoami', { description: 'Says who calls', public: true }, (_, caller) =>
      json({ sub: caller.subject, client_id: caller.clientId, scopes: caller.scopes, jti: caller.jti }),
    )
    .register(
      'get_application',
      { title: 'Get', description: 'Reads one', scopes: ['read:application'], input: id },
      (args) => {
        done.push(`get ${args.id}`)
        return text(`application ${args.id}`)
      },
    )
    .register(
      'update_application',
      { description: 'Changes one', scopes: ['write:application'], input: id, list: 'show' },
      (args) => {
        done.push(`update ${args.id}`)
        return text('updated')
      },
    )
    .register(
      'delete_application',
      {
        description: 'Deletes one',
        scopes: ['admin:application'],
        input: id,
        annotations: { destructiveHint: true },
      },
      (args) => {
        done.push(`delete ${args.id}`)
        return text('deleted')
      },
    )
    .register('copy_user', { description: 'Copies', scopes: ['read:user', 'write:application'] }, () =>
      text('copied'),
    )
    .register('boom', { description: 'Throws', scopes: ['read:application'] }, () => {
      throw new Error('secret /srv/app/db.ts:12 select * from users')
    })
    .register('sorry', { description: 'Fails', scopes: ['read:application'] }, () => failure('no such thing'))
    .register(
      'count',
      { description: 'Counts', scopes: ['read:application'], output: z.object({ count: z.number() }) },
      () => json({ count: 3 }),
    )
    .register(
      'wrong_output',
      {
        description: 'Counts wrongly',
        scopes: ['read:application'],
        output: z.object({ count: z.number() }),
      },
      () => json({ count: 'three' }),
    )
    .register(
      'slow',
      { description: 'Reports progress', scopes: ['read:application'] },
      async (_, __, extra) => {
        await extra.progress(1, 2, 'half')
        return text('done')
      },
    )
    .registerResource(
      'app://{owner}/{name}',
      {
        name: 'application',
        scopes: ['read:application'],
        mimeType: 'text/plain',
        complete: { owner: (value) => ['admin', 'built-in'].filter((each) => each.startsWith(value)) },
      },
      ({ owner, name }) => (name === 'none' ? undefined : { text: `${owner} has ${name}` }),
    )
    .registerResource('app://secrets', { name: 'secrets', scopes: ['admin:application'] }, () => ({
      text: 'a secret',
    }))
    .registerResource('app://broken', { name: 'broken', scopes: ['read:application'] }, () => {
      throw new Error('ENOENT /srv/app/broken')
    })
    .registerPrompt(
      'review',
      {
        description: 'Reviews a change',
        scopes: ['write:application'],
        arguments: [
          { name: 'app', required: true, complete: (value) => [`${value}-1`, `${value}-2`] },
          { name: 'tone' },
        ],
      },
      (args) => promptText(`Review ${args.app} ${args.tone ?? 'kindly'}`),
    )
  return { registry, done, events }
}
