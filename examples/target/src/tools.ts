import type { OnEvent } from '@gatewright/core'
import { createToolRegistry, failure, json, promptText } from '@gatewright/mcp'
import { z } from 'zod'
import { createApplications } from './applications.ts'
import { scopes } from './scopes.ts'
import type { TargetUser } from './users.ts'

const name = z.string().regex(/^[\w.-]{1,100}$/)
const application = z.object({ owner: name, name, displayName: z.string().max(200), organization: name })
const change = application.pick({ displayName: true, organization: true }).partial()
const owner = z.object({ owner: z.string().min(1) })
const id = z.object({ id: z.string().regex(/^[^/]+\/[^/]+$/) })

/** The sample tools, a resource template and a prompt. */
export function createTools(users: ReadonlyMap<string, TargetUser>, onEvent: OnEvent) {
  const applications = createApplications()
  const listUsers = () =>
    [...users].map(([username, { claims }]) => ({ owner: 'admin', name: username, ...claims }))
  const found = (value: object | undefined) =>
    value === undefined ? failure('there is no such record') : json(value)

  return createToolRegistry({ scopes, onEvent })
    .register('whoami', { description: 'Tells who calls', public: true }, (_input, caller) =>
      json({
        sub: caller.subject,
        client_id: caller.clientId,
        scopes: caller.scopes,
        act: caller.act,
        jti: caller.jti,
        changes: applications.changes(),
      }),
    )
    .register(
      'get_applications',
      { description: 'List the applications of an owner', scopes: ['read:application'], input: owner },
      (input) => json(applications.list(input.owner)),
    )
    .register(
      'get_application',
      { description: 'Show one application', scopes: ['read:application'], input: id },
      (input) => found(applications.get(input.id)),
    )
    .register(
      'add_application',
      {
        description: 'Create an application',
        scopes: ['write:application'],
        input: z.object({ application }),
      },
      (input) => {
        applications.put(input.application)
        return json(input.application)
      },
    )
    .register(
      'update_application',
      {
        description: 'Change an application',
        scopes: ['write:application'],
        input: id.extend({ application: change }),
        list: 'show',
      },
      (input) => {
        const current = applications.get(input.id)
        if (current === undefined) return failure('there is no such record')
        const { displayName = current.displayName, organization = current.organization } = input.application
        const next = { ...current, displayName, organization }
        applications.put(next)
        return json(next)
      },
    )
    .register(
      'delete_application',
      {
        description: 'Delete an application',
        scopes: ['admin:application'],
        input: z.object({ application: application.pick({ owner: true, name: true }) }),
      },
      (input) =>
        json({ deleted: applications.delete(`${input.application.owner}/${input.application.name}`) }),
    )
    .register('get_users', { description: 'List the users', scopes: ['read:user'], input: owner }, () =>
      json(listUsers()),
    )
    .register('get_user', { description: 'Show one user', scopes: ['read:user'], input: id }, (input) =>
      found(listUsers().find((user) => `${user.owner}/${user.name}` === input.id)),
    )
    .register(
      'copy_user_to_application',
      {
        description: 'Create an application named after a user',
        scopes: ['read:user', 'write:application'],
        input: z.object({ user: name }),
      },
      ({ user }) => {
        const copy = { owner: 'admin', name: user, displayName: user, organization: 'built-in' }
        applications.put(copy)
        return json(copy)
      },
    )
    .register('boom', { description: 'Fails', scopes: ['read:application'] }, () => {
      throw new Error('secret /srv/target/boom.ts at line 1')
    })
    .registerResource(
      'app://{owner}/{name}',
      {
        name: 'application',
        description: 'An application',
        mimeType: 'application/json',
        scopes: ['read:application'],
      },
      ({ owner: ownerName = '', name: applicationName = '' }) => {
        const record = applications.get(`${ownerName}/${applicationName}`)
        return record && { text: JSON.stringify(record) }
      },
    )
    .registerPrompt(
      'review',
      {
        description: 'Review an application',
        scopes: ['write:application'],
        arguments: [
          {
            name: 'name',
            required: true,
            complete: (typed) =>
              applications
                .list('admin')
                .map((record) => record.name)
                .filter((each) => each.startsWith(typed)),
          },
        ],
      },
      ({ name: applicationName }) => promptText(`Review the application ${applicationName}.`),
    )
}
