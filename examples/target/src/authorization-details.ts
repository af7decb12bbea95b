import type { AuthorizationDetailType } from '@gatewright/authorization-server'
import { z } from 'zod'
import { scopes } from './scopes.ts'
import type { TargetUser } from './users.ts'

const shape = z.object({
  type: z.literal('application'),
  name: z.string().min(1).max(64),
  actions: z.array(z.enum(['read', 'update', 'delete'])).min(1),
  locations: z.array(z.url()).optional(),
})

/** What may be done to one application. Who may only read gets only that, and so does a client without a user. */
export function applicationDetails(users: ReadonlyMap<string, TargetUser>): AuthorizationDetailType {
  const onlyRead: AuthorizationDetailType['grantToClient'] = (detail) => {
    const { actions } = shape.parse(detail)
    return actions.includes('read') ? { ...detail, actions: ['read'] } : undefined
  }
  return {
    name: 'application',
    fields: ['name', 'actions', 'locations'],
    validate: (detail) =>
      shape
        .safeParse(detail)
        .error?.issues.map(({ message }) => message)
        .join('; '),
    describe(detail) {
      const { name, actions } = shape.parse(detail)
      const [first = '', ...rest] = actions
      const deeds = [first[0]?.toUpperCase() + first.slice(1), ...rest]
      return `${deeds.join(' and ')} the application "${name}"`
    },
    grant: (detail, { clientId, subject }) =>
      scopes.missing(users.get(subject)?.scopes ?? scopes.names, ['write:application']).length > 0
        ? onlyRead(detail, { clientId })
        : detail,
    grantToClient: onlyRead,
  }
}
