/** A goal as texts: what, what was measured, the limit, and whether it is met. */
export function goalTexts({ goal, measured, limit, least = false, unit, met }) {
  const text = (value) =>
    `${value >= 100 ? value.toFixed(0) : value.toFixed(2)}${unit === undefined ? '' : ` ${unit}`}`
  return [goal, text(measured), `${least ? '≥' : '≤'} ${text(limit)}`, met ? 'met' : 'missed']
}
