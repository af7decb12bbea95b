import { parseArgs } from 'node:util'
import {
  attackChecks,
  authorizationServerChecks,
  quirkChecks,
  resourceServerChecks,
  runSuite,
} from '@gatewright/testkit'
import type { Check } from '@gatewright/testkit'
import { findingPrinter, printSummary, reportJson, summarize } from '../attack/print-report.ts'
import { readTarget, targetOptions } from '../attack/read-target.ts'
import type { Command } from '../command.ts'
import { createProbe } from '../doctor/probe.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

const everyCheck: readonly Check[] = [
  ...resourceServerChecks,
  ...authorizationServerChecks,
  ...attackChecks,
  ...quirkChecks,
]

/** Tries on a server what attackers and real clients do, and says what it found. */
export const attack: Command = {
  name: 'attack',
  summary: 'try on a server of yours what attackers and real clients do, and say what to mend',
  usage: `gatewright attack <url of the MCP server> [options]
gatewright attack --issuer <url of the authorization server> [options]

Sends malformed, forged and repeated requests, registers clients where that is open, and signs a test user in.
Nothing that it did not make itself is changed; what it made is revoked and removed where the server lets one.

who signs in    --user <name> --password <password>   fills in the server's own forms (GATEWRIGHT_PASSWORD)
                without a user, only what needs no sign-in is checked
as which client --client-id <id> --redirect-uri <uri> [--client-secret <secret>]   (GATEWRIGHT_CLIENT_SECRET)
                without a client, some are registered; --initial-access-token <token> where that takes one
with what       --scope "<scopes>"                    what tokens are asked for
                --tool <name> --tool-scope <scope> [--tool-arguments <json>]   a tool that needs a scope beyond --scope
                --other-resource <url>                a second resource of the same authorization server
for what it     --device-client <id>                  a public client that may connect devices
has besides     --document-client <url> --document-redirect-uri <uri>   a client that is known by a document which you host
                --exchange-client <id> --exchange-secret <secret> --exchange-resource <url>   a client that may exchange
                tokens, and for which resource (GATEWRIGHT_EXCHANGE_SECRET)
which checks    --suite <name>, --only <id>, both may be repeated; --list names them all and sends nothing
output          --json, --strict
where           --i-own-this-server                   needed for anything but this machine
                --also <url>                          an origin of yours that the metadata names

exit code  0 nothing that a specification requires fails   1 something does (with --strict also what is only recommended),
           or the server cannot be reached   2 the command was called wrongly`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...targetOptions,
        suite: { type: 'string', multiple: true, default: [] },
        only: { type: 'string', multiple: true, default: [] },
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
      },
    })
    const checks = select(values.suite, values.only)
    if (values.list) {
      listChecks(checks, terminal)
      return 0
    }
    const target = readTarget(positionals[0], values, terminal.env)
    const { resource, issuer } = target
    const { failure } = await createProbe()(resource ?? issuer ?? '')
    if (failure !== undefined) throw new Error(`${resource ?? issuer} cannot be reached: ${failure}`)
    if (!values.json) terminal.print(`${resource ?? issuer}\n`)
    const onFinding = values.json ? () => {} : findingPrinter(terminal)
    const report = await runSuite(target, checks, { onFinding })
    const named = {
      ...(resource === undefined ? {} : { resource }),
      ...(issuer === undefined ? {} : { issuer }),
    }
    if (values.json) terminal.print(reportJson(named, report))
    else printSummary(report, terminal)
    const { must, should } = summarize(report.findings)
    return must > 0 || (values.strict && should > 0) ? 1 : 0
  },
}

function select(suites: readonly string[], ids: readonly string[]): readonly Check[] {
  const suiteOf = ({ id }: Check) => id.slice(0, id.indexOf('.'))
  for (const suite of suites)
    if (!everyCheck.some((check) => suiteOf(check) === suite))
      throw new UsageError(
        `there is no suite "${suite}"; there are ${[...new Set(everyCheck.map(suiteOf))].join(', ')}`,
      )
  for (const id of ids)
    if (!everyCheck.some((check) => check.id === id))
      throw new UsageError(`there is no check "${id}"; --list names them`)
  return everyCheck.filter(
    (check) =>
      (suites.length === 0 || suites.includes(suiteOf(check))) &&
      (ids.length === 0 || ids.includes(check.id)),
  )
}

function listChecks(checks: readonly Check[], terminal: Terminal): void {
  for (const { id, severity, section, title } of checks) {
    terminal.print(`${id}  ${severity.toUpperCase()}, ${section}`)
    terminal.print(`    ${title}`)
  }
}
