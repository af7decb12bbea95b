/** A sample record. */
export interface Application {
  readonly owner: string
  readonly name: string
  readonly displayName: string
  readonly organization: string
}

/** The sample records with a count of the changes, so that a test can see whether a refused call changed anything. */
export function createApplications() {
  const samples: readonly Application[] = [
    { owner: 'admin', name: 'app-built-in', displayName: 'Casdoor', organization: 'built-in' },
    {
      owner: 'admin',
      name: 'claude-desktop-mcp',
      displayName: 'Claude Desktop MCP Client',
      organization: 'built-in',
    },
    { owner: 'admin', name: 'my-app', displayName: 'My App', organization: 'my-org' },
  ]
  const records = new Map(samples.map((application) => [idOf(application), application]))
  let changes = 0
  return {
    changes: () => changes,
    list: (owner: string) => [...records.values()].filter((application) => application.owner === owner),
    get: (id: string) => records.get(id),
    put(application: Application) {
      changes++
      records.set(idOf(application), application)
    },
    delete(id: string) {
      changes++
      return records.delete(id)
    },
  }
}

function idOf({ owner, name }: Application): string {
  return `${owner}/${name}`
}
