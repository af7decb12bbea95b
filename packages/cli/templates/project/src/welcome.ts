import { resource } from './server.ts'

/** What is printed when the server accepts connections. */
export function welcome(): string {
  return `MCP server at ${resource}
Log in as demo with the password ${process.env['DEMO_PASSWORD']}

  claude mcp add --transport http {{name}} ${resource}
`
}
