import { goalTexts } from './goal-texts.mjs'
import { cellsOf, headOf } from './table.mjs'

/** The results as a page of the documentation. */
export function pageOf({ machine, goals, results }) {
  const peers = Object.entries(machine.peers).map(([name, version]) => `${name} ${version}`)
  return `${[
    '# Performance',
    'What each job costs, beside its floor and its peers. This page is written by `pnpm bench --write`.',
    'The **floor** is straight code on maps that does every mandatory check of the job and nothing else: no events, no policies, no second process. It is a limit, not a product. Contenders run in processes of their own, in turns, round by round; a figure is the median of the rounds, ± the middle half of them, and a ratio the median of the rounds’ ratios. Only ratios can be compared between machines.',
    'In process one call follows another, unless a row says that 16 are under way. Over HTTP, 16 connections are kept busy by a client on another processor, and only the server’s time counts; what arrives together is [handled in step](../adr/0031-requests-in-step).',
    [
      `| measured on ${machine.date} |`,
      '| --- |',
      `| ${machine.processor}, ${machine.memory}${machine.load === undefined ? '' : `, load at first ${machine.load}`} |`,
      `| Node.js ${machine.node}, OpenSSL ${machine.openssl} |`,
      `| ${peers.join(', ')} |`,
    ].join('\n'),
    ...(Number.parseFloat(machine.load) > 1.5 ? [busy] : []),
    ...goalsSection(goals),
    ...results.flatMap(sectionOf),
  ].join('\n\n')}\n`
}

const busy =
  'The machine was busy with other work during this run, which makes what is cheap look dear: it says that the jobs run, and little about their cost.'

/** What was aimed at. A goal that is missed says why, or that it is not known yet. */
function goalsSection(goals) {
  const lines = goals.map((goal) => `| ${goalTexts(goal).join(' | ')} |`)
  const missed = goals.filter(({ met }) => !met)
  return [
    '## Goals',
    ['| goal | measured | limit | |', '| --- | ---: | ---: | --- |', ...lines].join('\n'),
    ...(missed.length === 0
      ? []
      : [
          '### Goals that are missed',
          missed.map(({ goal, reason }) => `- **${goal}.** ${reason ?? 'Not explained yet.'}`).join('\n'),
        ]),
  ]
}

function sectionOf({ title, rows }) {
  const tables = [...new Set(rows.map(({ how }) => how))].map((how) => {
    const group = rows.filter((row) => row.how === how)
    const head = headOf(group[0], how)
    const line = (cells) => `| ${cells.join(' | ')} |`
    return [
      line(head),
      line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
      ...group.map((row) => line(cellsOf(row))),
    ].join('\n')
  })
  const notes = [...new Map(rows.map((row) => [row.name, row])).values()].filter(
    ({ note }) => note !== undefined,
  )
  const said = notes.map(({ name, note }) => `- ${name}: ${note}`).join('\n')
  return [`## ${title}`, ...tables, ...(said === '' ? [] : [said])]
}
