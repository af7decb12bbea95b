import type { Check } from '../check.ts'
import { discoveryQuirks } from './discovery-quirks.ts'
import { registrationQuirks } from './registration-quirks.ts'
import { tokenQuirks } from './token-quirks.ts'

/**
 * What real clients of MCP do that has broken some server: Claude, Claude Code, ChatGPT, VS Code, Cursor, Codex, mcp-remote, the MCP
 * Inspector, and libraries of OAuth. A failure keeps people from connecting; it is no hole.
 *
 * @group Checks
 */
export const quirkChecks: readonly Check[] = [...discoveryQuirks, ...registrationQuirks, ...tokenQuirks]
