import { createToolRegistry, failure, json } from '@gatewright/mcp'
import type { OnEvent } from '@gatewright/core'
import { z } from 'zod'
import type { Directory } from './directory.ts'
import { scopes } from './scopes.ts'

const owner = z.string().min(1).describe('The owner of the records, for example "admin"')
const id = z
  .string()
  .regex(/^[^/]+\/[^/]+$/)
  .describe('"owner/name"')
const name = z.string().regex(/^[\w.-]{1,100}$/)
const application = z.object({
  owner: name,
  name,
  displayName: z.string().min(1).max(200),
  organization: name,
})

/** The tools of the directory, each with the scopes that it needs. A misspelt scope does not compile. */
export function createTools(directory: Directory, onEvent?: OnEvent) {
  const found = (value: object | undefined) =>
    value === undefined ? failure('there is no such record') : json(value)
  return createToolRegistry({ scopes, onEvent })
    .register(
      'get_applications',
      {
        description: 'List the applications of an owner',
        scopes: ['read:application'],
        input: z.object({ owner }),
      },
      (input) => json(directory.applications(input.owner)),
    )
    .register(
      'get_application',
      { description: 'Show one application', scopes: ['read:application'], input: z.object({ id }) },
      (input) => found(directory.application(input.id)),
    )
    .register(
      'add_application',
      {
        description: 'Create an application',
        scopes: ['write:application'],
        input: z.object({ application }),
      },
      (input) =>
        directory.addApplication(input.application)
          ? json(input.application)
          : failure('an application of this name exists'),
    )
    .register(
      'update_application',
      {
        description: 'Change the display name or the organization of an application',
        scopes: ['write:application'],
        input: z.object({
          id,
          application: application.pick({ displayName: true, organization: true }).partial(),
        }),
        // Listed for everybody: a client that may not use it yet can ask the user for more.
        list: 'show',
      },
      (input) => found(directory.updateApplication(input.id, defined(input.application))),
    )
    .register(
      'delete_application',
      {
        description: 'Delete an application',
        scopes: ['write:application'],
        input: z.object({ application: application.pick({ owner: true, name: true }) }),
        annotations: { destructiveHint: true },
      },
      (input) => {
        const which = `${input.application.owner}/${input.application.name}`
        return directory.deleteApplication(which)
          ? json({ deleted: which })
          : failure('there is no such record')
      },
    )
    .register(
      'get_users',
      { description: 'List the users of an owner', scopes: ['read:user'], input: z.object({ owner }) },
      (input) => json(directory.users(input.owner)),
    )
    .register(
      'get_user',
      {
        description: 'Show one user, by id, or by owner with an email address or a phone number',
        scopes: ['read:user'],
        input: z.object({
          id: id.optional(),
          owner: owner.optional(),
          email: z.string().optional(),
          phone: z.string().optional(),
        }),
      },
      (input) => found(directory.user(defined(input))),
    )
    .register(
      'update_user',
      {
        description: 'Change the display name, email address or phone number of a user',
        scopes: ['write:user'],
        input: z.object({
          id,
          user: z
            .object({ displayName: z.string().max(200), email: z.email(), phone: z.string().max(40) })
            .partial(),
        }),
      },
      (input) => found(directory.updateUser(input.id, defined(input.user))),
    )
}

/** The members that have a value: what is left out of a change stays as it is. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
