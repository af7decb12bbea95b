import type { Policy } from '@gatewright/core'
import { allowed, denied } from './policy.ts'

/** A day of the week. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** When requests are allowed. */
export interface TimeWindow {
  /** First minute, as `09:00`. */
  readonly from: string
  /** The minute at which it ends, as `17:30`; before `from`, it ends on the next day. */
  readonly to: string
  /** An IANA time zone, for example `Europe/Berlin`. */
  readonly timeZone: string
  /** The days on which it begins. @default every day */
  readonly days?: readonly Weekday[]
}

const week: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/**
 * Allows requests at some times of the week.
 *
 * @throws {TypeError} for a malformed time, an empty window or day list; `RangeError` for an unknown time zone
 */
export function timeWindow({ from, to, timeZone, days = week }: TimeWindow): Policy {
  const [start, end] = [minutes(from), minutes(to)]
  if (start === end) throw new TypeError('timeWindow: from and to are the same')
  if (days.length === 0 || days.some((day) => !week.includes(day)))
    throw new TypeError(`timeWindow: days must be of ${week.join(', ')}`)
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const rule = `timeWindow(${from}-${to} ${timeZone})`
  return ({ time }) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]))
    const today = week.indexOf((parts.get('weekday') ?? '').toLowerCase() as Weekday)
    const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
    const begins = (day: number) => days.includes(week[(day + 7) % 7] ?? 'sun')
    const inside =
      start < end
        ? begins(today) && minute >= start && minute < end
        : (begins(today) && minute >= start) || (begins(today - 1) && minute < end)
    return inside ? allowed : denied(rule, 'the request comes outside the permitted hours')
  }
}

function minutes(text: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hour === undefined) throw new TypeError(`timeWindow: "${text}" must be a time such as 09:00`)
  return Number(hour) * 60 + Number(minute)
}
