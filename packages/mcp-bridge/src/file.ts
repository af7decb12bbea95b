/**
 * OpenAPI documents from files.
 *
 * @module @gatewright/mcp-bridge/file
 */
import { readFile } from 'node:fs/promises'

/**
 * Reads the text of an OpenAPI document, JSON or YAML, for the option `document`.
 *
 * @throws {Error} when the file cannot be read
 */
export function readOpenApiFile(path: string | URL): Promise<string> {
  return readFile(path, 'utf8')
}
