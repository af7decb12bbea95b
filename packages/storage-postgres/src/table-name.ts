/** The default name of the table, and what stands for it in the text of the migrations. */
export const defaultTable = 'gatewright_records'

// The longest name that is derived from it is the table's with "_replace_insert", and PostgreSQL cuts names at 63 bytes.
const part = String.raw`[A-Za-z_][A-Za-z0-9_]{0,47}`
const pattern = new RegExp(String.raw`^(?:(${part})\.)?(${part})$`)

/**
 * Parses the name of a table, with or without a schema, and returns a function that makes it and the names derived
 * from it into quoted identifiers: letters, digits and underscores only, as no placeholder can stand for a name.
 *
 * @throws TypeError for any other name.
 */
export function parseTableName(table: string): (suffix?: string) => string {
  const [, schema, name] = (typeof table === 'string' ? pattern.exec(table) : null) ?? []
  if (name === undefined)
    throw new TypeError(
      'table must consist of letters, digits and underscores, at most 48, with or without a schema and a dot before it',
    )
  const prefix = schema === undefined ? '' : `"${schema}".`
  return (suffix = '') => `${prefix}"${name}${suffix}"`
}
