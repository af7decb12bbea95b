/** The revision without a handshake. */
export const modern = '2026-07-28'

/** How a client opens that speaks it, with the headers that go with it. */
export const discover = {
  method: 'server/discover',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': modern,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'claude-code', version: '2.1.329' },
    },
  },
}

/** The headers of `discover`. */
export const discoverHeaders = { 'mcp-protocol-version': modern, 'mcp-method': 'server/discover' }

/** How a client opens that shakes hands. */
export const initialize = {
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: { roots: {} },
    clientInfo: { name: 'claude-code', version: '2.1.329' },
  },
}
