import type { Finding, Report } from '@gatewright/testkit'
import { printable } from '../printable.ts'
import type { Terminal } from '../terminal.ts'

/** How many findings there are of each kind. */
export interface Summary {
  readonly must: number
  readonly should: number
  readonly may: number
  readonly passed: number
  readonly notApplicable: number
}

/** Counts the findings of a run. */
export function summarize(findings: readonly Finding[]): Summary {
  const count = (holds: (finding: Finding) => boolean) => findings.filter(holds).length
  const fails = (severity: string) => (finding: Finding) =>
    finding.verdict.status === 'failed' && finding.check.severity === severity
  return {
    must: count(fails('must')),
    should: count(fails('should')),
    may: count(fails('may')),
    passed: count(({ verdict }) => verdict.status === 'passed'),
    notApplicable: count(({ verdict }) => verdict.status === 'not applicable'),
  }
}

/** Makes what prints findings as they come, a heading before each suite. */
export function findingPrinter(terminal: Terminal): (finding: Finding) => void {
  let suite = ''
  const paint = painter(terminal)
  return ({ check, verdict }) => {
    const [name = ''] = check.id.split('.')
    if (name !== suite) terminal.print(`${suite === '' ? '' : '\n'}${name.replaceAll('-', ' ')}`)
    suite = name
    if (verdict.status === 'not applicable') return terminal.print(paint(`  – ${check.title}`, 2))
    if (verdict.status === 'passed') return terminal.print(`  ${paint('✓', 32)} ${check.title}`)
    const must = check.severity === 'must'
    terminal.print(`  ${must ? paint('✗', 31) : paint('!', 33)} ${check.title}`)
    terminal.print(`      ${check.severity.toUpperCase()}, ${check.section}  ${paint(`(${check.id})`, 2)}`)
    terminal.print(`      ${printable(verdict.evidence)}`)
    terminal.print(`      ${paint('→', 36)} ${check.mend}`)
  }
}

/** Prints what a run comes to: what was not checked and why, what was left behind, the count. */
export function printSummary({ findings, requests, remains }: Report, terminal: Terminal): void {
  const paint = painter(terminal)
  const reasons = new Map<string, number>()
  for (const { verdict } of findings)
    if (verdict.status === 'not applicable')
      reasons.set(verdict.reason, (reasons.get(verdict.reason) ?? 0) + 1)
  if (reasons.size > 0) terminal.print('\nnot checked')
  for (const [reason, times] of reasons)
    terminal.print(`  – ${printable(reason)}${times > 1 ? ` (${times} checks)` : ''}`)
  const { clients, grants } = remains
  terminal.print('\nleft behind')
  terminal.print(`  ${requests} requests were sent`)
  terminal.print(
    `  ${clients.made} clients registered, ${clients.made - clients.left.length} removed again${
      clients.left.length === 0 ? '' : `; left: ${printable(clients.left.join(', '))}`
    }`,
  )
  terminal.print(`  ${grants.made} tokens issued, ${grants.revoked} revoked again`)
  const { must, should, may, passed, notApplicable } = summarize(findings)
  terminal.print('')
  terminal.print(
    [
      paint(`${must} of what must be fail`, must > 0 ? 31 : 32),
      paint(`${should} of what should be fail`, should > 0 ? 33 : 32),
      ...(may > 0 ? [paint(`${may} of what is advised fail`, 33)] : []),
      `${passed} pass`,
      `${notApplicable} not checked`,
    ].join(', '),
  )
}

/** The report for programs. */
export function reportJson(
  target: { readonly resource?: string; readonly issuer?: string },
  report: Report,
): string {
  const { findings, requests, remains } = report
  const flat = findings.map(({ check: { id, title, section, severity, mend }, verdict }) => ({
    id,
    title,
    section,
    severity,
    ...verdict,
    ...(verdict.status === 'failed' ? { mend } : {}),
  }))
  return JSON.stringify(
    { ...target, summary: summarize(findings), findings: flat, requests, remains },
    undefined,
    2,
  )
}

function painter({ colour }: Terminal) {
  return (text: string, code: number) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
}
