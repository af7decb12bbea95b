import type { SqliteDatabase, SqliteStatement } from '@gatewright/storage-sqlite'

/**
 * Wraps a database so that the process is killed, as by `kill -9`, right after so many statements of the first
 * commit (counted from its `begin immediate`); 0 kills right before the first one.
 */
export function killAfter(database: SqliteDatabase, statements: number): SqliteDatabase {
  let ran: number | undefined
  const kill = () => process.kill(process.pid, 'SIGKILL')

  const counted = <T>(call: () => T): T => {
    if (ran === 0 && statements === 0) kill()
    const result = call()
    if (ran !== undefined && ++ran === statements) kill()
    return result
  }

  function wrap(statement: SqliteStatement): SqliteStatement {
    return {
      run: (...parameters) => counted(() => statement.run(...parameters)),
      all: (...parameters) => counted(() => statement.all(...parameters)),
    }
  }

  return {
    exec(sql) {
      if (sql === 'begin immediate') ran = 0
      return counted(() => database.exec(sql))
    },
    prepare: (sql) => wrap(database.prepare(sql)),
  }
}
