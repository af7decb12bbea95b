/** What a check found out. */
export interface Finding {
  /** Names the check, the same in every release. */
  readonly id: string
  readonly status: 'ok' | 'warning' | 'failure'
  /** What was seen. */
  readonly seen: string
  /** How to mend it. Absent when all is well. */
  readonly mend?: string
  /** The names of the clients that cannot connect because of it. Absent: all, when it is a failure. */
  readonly clients?: readonly string[]
}

/** All is as it should be. */
export function ok(id: string, seen: string): Finding {
  return { id, status: 'ok', seen }
}

/** Clients cannot connect. */
export function failure(id: string, seen: string, mend: string, clients?: readonly string[]): Finding {
  return { id, status: 'failure', seen, mend, ...(clients === undefined ? {} : { clients }) }
}

/** Clients connect, and something is worse than it could be. */
export function warning(id: string, seen: string, mend: string): Finding {
  return { id, status: 'warning', seen, mend }
}
