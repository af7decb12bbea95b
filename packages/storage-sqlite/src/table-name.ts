/** The name of the table where none is given. */
export const defaultTable = 'gatewright_records'

/** Throws a `TypeError` unless the name may stand in a statement. */
export function verifyTableName(table: string): void {
  if (!/^[a-z_]\w*$/i.test(table))
    throw new TypeError('table must consist of letters, digits and underscores')
}
