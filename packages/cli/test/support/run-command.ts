import { run } from '../../src/index.ts'

/** What a command printed and how it ended. */
export interface Outcome {
  readonly code: number
  readonly output: string
  readonly notes: string
}

/** Who sits at the terminal. */
export interface Sitter {
  /** Whether what is printed goes to a screen. */
  readonly shown?: boolean
  readonly ask?: (question: string) => Promise<string>
}

/** Runs a command as a shell would. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { shown = false, ask }: Sitter = {},
): Promise<Outcome> {
  const output: string[] = []
  const notes: string[] = []
  const code = await run(args, {
    env,
    input: (async function* () {})(),
    print: (line) => void output.push(line),
    note: (line) => void notes.push(line),
    colour: false,
    shown,
    ask,
  })
  return { code, output: output.join('\n'), notes: notes.join('\n') }
}
