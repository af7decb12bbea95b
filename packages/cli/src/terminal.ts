/** What a command reads from and writes to: the process, or a test. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly input: AsyncIterable<Uint8Array | string>
  /** Writes a line of the result. */
  print(line: string): void
  /** Writes a line of the way there, or of what went wrong. */
  note(line: string): void
  /** Whether results may be coloured. */
  readonly colour: boolean
  /** Whether results are shown to a person, and kept by nobody: false for a file or a pipe. */
  readonly shown: boolean
  /** Asks the person who called the command. Absent where nobody is there to answer. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
}
