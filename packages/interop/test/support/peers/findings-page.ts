import {
  attackChecks,
  authorizationServerChecks,
  quirkChecks,
  resourceServerChecks,
} from '@gatewright/testkit'
import { peers } from './peers.ts'
import type { MeasuredPeer } from './peers.ts'

/** Every check, in the order of a run. */
export const everyCheck = [
  ...resourceServerChecks,
  ...authorizationServerChecks,
  ...attackChecks,
  ...quirkChecks,
]

/** The part of the guide that says what was found where. */
export function findingsPage(): string {
  return peers.map(section).join('\n\n')
}

function section({ name, package: id, version, setup, findings }: MeasuredPeer): string {
  const rows = everyCheck
    .filter((check) => findings.includes(check.id))
    .map(
      ({ id: check, title, section: said, severity }) =>
        `| ${title} | ${severity.toUpperCase()} | ${said} | \`${check}\` |`,
    )
  return [
    `### ${name}`,
    '',
    `\`${id}\` ${version}. ${setup}`,
    '',
    '| a good server … and this one does not | | said in | check |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
