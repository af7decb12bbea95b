/** Somebody who may sign in. A real directory keeps hashes, not passwords. */
export interface Person {
  readonly id: string
  readonly userName: string
  readonly name: string
  readonly email: string
  readonly password: string
  /** What the wiki maps to its own groups. */
  readonly groups: readonly string[]
}

export const people: readonly Person[] = [
  {
    id: '5c1a2f7e-alice',
    userName: 'alice',
    name: 'Alice Example',
    email: 'alice@example.com',
    password: 'alice-demo',
    groups: ['confluence-users', 'confluence-administrators'],
  },
  {
    id: '9b3d4c8f-bob',
    userName: 'bob',
    name: 'Bob Example',
    email: 'bob@example.com',
    password: 'bob-demo',
    groups: ['guests'],
  },
]

/** The person of a `sub`. */
export function personOf(id: unknown): Person | undefined {
  return people.find((person) => person.id === id)
}
