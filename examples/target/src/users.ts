import { readFileSync } from 'node:fs'
import type { User } from '@gatewright/authorization-server'
import { z } from 'zod'

/** A user with a fixed password: this is a server for tests. */
export interface TargetUser extends User {
  readonly password: string
}

const extraUsers = z.array(
  z.object({
    username: z.string().min(1),
    password: z.string().min(1),
    scopes: z.array(z.string()).optional(),
    claims: z.record(z.string(), z.unknown()).optional(),
  }),
)

function person(name: string, scopes?: readonly string[]): [string, TargetUser] {
  const displayName = name.charAt(0).toUpperCase() + name.slice(1)
  const claims = {
    name: `${displayName} Example`,
    preferred_username: name,
    email: `${name}@example.com`,
    email_verified: true,
    picture: `https://app.example.com/${name}.png`,
    phone_number: '+15550100',
    groups: ['staff'],
  }
  return [name, { password: `${name}-pw`, claims, ...(scopes === undefined ? {} : { scopes }) }]
}

/** The fixed users, and those of a file. */
export function readUsers(file: string | undefined): ReadonlyMap<string, TargetUser> {
  const users = new Map([person('alice'), person('bob'), person('carol', ['read:application'])])
  if (file === undefined) return users
  for (const { username, password, scopes, claims } of extraUsers.parse(
    JSON.parse(readFileSync(file, 'utf8')),
  ))
    users.set(username, {
      password,
      ...(scopes === undefined ? {} : { scopes }),
      ...(claims === undefined ? {} : { claims }),
    })
  return users
}
