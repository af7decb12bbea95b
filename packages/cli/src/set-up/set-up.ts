/** A server, as an application should know it. */
export interface Connection {
  readonly name: string
  readonly url: string
  readonly clientId: string | undefined
  readonly scopes: string | undefined
}

/** What makes an application know a server. */
export interface SetUp {
  /** Where the configuration belongs, by system, or by `''` where it is one place. */
  readonly files?: Readonly<Record<string, string>>
  /** What a person must know to put it there. */
  readonly hint?: string
  readonly configuration?: Readonly<Record<string, unknown>>
  /** Lines for a POSIX shell that do it. */
  readonly commands?: readonly string[]
  /** Redirect URIs to register for the client. */
  readonly redirectUris?: readonly string[]
  readonly notes?: readonly string[]
}

/** The lines that a person reads. */
export function linesOf({ files = {}, hint, configuration, commands, redirectUris, notes }: SetUp): string[] {
  const systems = Object.entries(files)
  const paragraphs = [
    hint === undefined ? [] : [hint],
    systems.map(([system, file]) => (system === '' ? `${file}:` : `  ${system.padEnd(9)}${file}`)),
    configuration === undefined ? [] : [JSON.stringify(configuration, undefined, 2)],
    commands ?? [],
    redirectUris === undefined
      ? []
      : [`Redirect URI to register for the client: ${redirectUris.join(' and ')}`],
    notes ?? [],
  ]
  return paragraphs
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))
}
