// Lets `npx gatewright keys`, `clients` and `grants` administer this server. Build first: npm run build
process.loadEnvFile('.env')
const { authorizationServer } = await import('./dist/server.js')

export const server = authorizationServer
