import type Database from 'libsql'
import { hashPassword } from './passwords.ts'

/** An application that the directory manages. */
export interface Application {
  readonly owner: string
  readonly name: string
  readonly displayName: string
  readonly organization: string
}

/** A user of the directory. */
export interface DirectoryUser {
  readonly owner: string
  readonly name: string
  readonly displayName: string
  readonly email: string
  readonly phone: string
}

/** The records that this program is about. The application is the integrator's; Gatewright knows nothing of it. */
export interface Directory {
  applications(owner: string): Application[]
  application(id: string): Application | undefined
  addApplication(application: Application): boolean
  updateApplication(id: string, change: Partial<Application>): Application | undefined
  deleteApplication(id: string): boolean
  users(owner: string): DirectoryUser[]
  user(by: { id?: string; owner?: string; email?: string; phone?: string }): DirectoryUser | undefined
  updateUser(
    id: string,
    change: Partial<Pick<DirectoryUser, 'displayName' | 'email' | 'phone'>>,
  ): DirectoryUser | undefined
  passwordHash(userName: string): string | undefined
}

const applicationColumns = 'owner, name, display_name as displayName, organization'
const userColumns = 'owner, name, display_name as displayName, email, phone'

/** The user whose password the start message tells. */
export const demoUser = { name: 'alice', password: 'alice-demo-password' }

/** Opens the directory in a database, and fills it with samples the first time. */
export function openDirectory(database: Database.Database): Directory {
  database.exec(`
    create table if not exists application (owner text, name text, display_name text, organization text, primary key (owner, name)) strict;
    create table if not exists directory_user (owner text, name text unique, display_name text, email text, phone text, password_hash text, primary key (owner, name)) strict;
  `)
  const insertApplication = database.prepare('insert or ignore into application values (?, ?, ?, ?)')
  const { samples } = database.prepare('select count(*) as samples from directory_user').get() as {
    samples: number
  }
  if (samples === 0) {
    for (const { owner, name, displayName, organization } of sampleApplications)
      insertApplication.run(owner, name, displayName, organization)
    const insertUser = database.prepare('insert or ignore into directory_user values (?, ?, ?, ?, ?, ?)')
    for (const { owner, name, displayName, email, phone } of sampleUsers)
      insertUser.run(
        owner,
        name,
        displayName,
        email,
        phone,
        hashPassword(name === demoUser.name ? demoUser.password : ''),
      )
  }

  const split = (id: string): [string, string] => {
    const slash = id.indexOf('/')
    return [id.slice(0, Math.max(slash, 0)), id.slice(slash + 1)]
  }
  const application = (id: string) =>
    pick<Application>(
      database
        .prepare(`select ${applicationColumns} from application where owner = ? and name = ?`)
        .get(...split(id)),
      ['owner', 'name', 'displayName', 'organization'],
    )
  const user: Directory['user'] = ({ id, owner, email, phone }) => {
    const [column, value, userOwner] =
      id !== undefined
        ? ['name', split(id)[1], split(id)[0]]
        : email !== undefined
          ? ['email', email, owner]
          : ['phone', phone, owner]
    const row = database
      .prepare(`select ${userColumns} from directory_user where owner = ? and ${column} = ?`)
      .get(userOwner ?? '', value ?? '')
    return pick<DirectoryUser>(row, ['owner', 'name', 'displayName', 'email', 'phone'])
  }
  return {
    application,
    user,
    applications: (owner) =>
      database
        .prepare(`select ${applicationColumns} from application where owner = ? order by name`)
        .all(owner) as Application[],
    addApplication: ({ owner, name, displayName, organization }) =>
      insertApplication.run(owner, name, displayName, organization).changes === 1,
    updateApplication(id, change) {
      const current = application(id)
      if (current === undefined) return undefined
      const next = { ...current, ...change, owner: current.owner, name: current.name }
      database
        .prepare('update application set display_name = ?, organization = ? where owner = ? and name = ?')
        .run(next.displayName, next.organization, next.owner, next.name)
      return next
    },
    deleteApplication: (id) =>
      database.prepare('delete from application where owner = ? and name = ?').run(...split(id)).changes ===
      1,
    users: (owner) =>
      database
        .prepare(`select ${userColumns} from directory_user where owner = ? order by name`)
        .all(owner) as DirectoryUser[],
    updateUser(id, change) {
      const current = user({ id })
      if (current === undefined) return undefined
      const next = { ...current, ...change }
      database
        .prepare(
          'update directory_user set display_name = ?, email = ?, phone = ? where owner = ? and name = ?',
        )
        .run(next.displayName, next.email, next.phone, next.owner, next.name)
      return next
    },
    passwordHash: (userName) =>
      pick<{ password_hash: string }>(
        database.prepare('select password_hash from directory_user where name = ?').get(userName),
        ['password_hash'],
      )?.password_hash,
  }
}

/** Copies the named columns of a row; drivers may add members of their own. */
function pick<T extends object>(row: unknown, names: readonly (keyof T & string)[]): T | undefined {
  if (row === undefined || row === null) return undefined
  return Object.fromEntries(names.map((name) => [name, (row as Record<string, unknown>)[name]])) as T
}

const sampleApplications: readonly Application[] = [
  {
    owner: 'admin',
    name: 'claude-desktop-mcp',
    displayName: 'Claude Desktop MCP Client',
    organization: 'built-in',
  },
  { owner: 'admin', name: 'app-built-in', displayName: 'Acme Identity', organization: 'built-in' },
  { owner: 'admin', name: 'my-app', displayName: 'My App', organization: 'my-org' },
]

const sampleUsers: readonly DirectoryUser[] = [
  {
    owner: 'my-org',
    name: 'alice',
    displayName: 'Alice Adams',
    email: 'alice@example.com',
    phone: '+15550100',
  },
  { owner: 'my-org', name: 'bob', displayName: 'Bob Brown', email: 'bob@example.com', phone: '+15550101' },
]
