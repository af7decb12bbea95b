/** The rows of a job as a table for a terminal. */
export function tableOf({ name, title, rows }) {
  const lines = [`\n${title} (${name})`]
  for (const how of new Set(rows.map((row) => row.how))) {
    const group = rows.filter((row) => row.how === how)
    const cells = [headOf(group[0], how), ...group.map(cellsOf)]
    const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)))
    for (const row of cells)
      lines.push(
        `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')}`,
      )
    for (const { name: contender, failure } of group)
      if (failure !== undefined) lines.push(`  ${contender} did not run: ${failure}`)
  }
  for (const { name: contender, note } of new Map(rows.map((row) => [row.name, row])).values())
    if (note !== undefined) lines.push(`  ${contender}: ${note}`)
  return lines.join('\n')
}

/** Heading of a group of rows: times, or the figures that its rows have. */
export function headOf(row, how) {
  if (row.figures !== undefined) return [how, ...Object.keys(row.figures)]
  return [how, 'CPU µs', '±', 'wall µs', '× floor']
}

/** A row as text. */
export function cellsOf({ name, cpu, spread, wall, ratio, failure, figures }) {
  if (figures !== undefined) return [name, ...Object.values(figures).map(String)]
  if (failure !== undefined) return [name, '–', '', '', '']
  return [name, microseconds(cpu), `${Math.round(spread * 100)} %`, microseconds(wall), ratioText(ratio)]
}

function microseconds(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function ratioText(ratio) {
  return ratio === undefined || Number.isNaN(ratio) ? '–' : ratio >= 100 ? ratio.toFixed(0) : ratio.toFixed(2)
}
