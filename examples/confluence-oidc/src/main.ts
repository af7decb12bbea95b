import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toNodeListener } from '@gatewright/node'
import { missingApache, startWiki, wikiAt } from './apache.ts'
import { createIdentityProvider } from './identity-provider.ts'
import { people } from './people.ts'

const port = Number(process.env.PORT ?? 8000)
const wikiPort = Number(process.env.WIKI_PORT ?? 8090)
const issuer = `http://127.0.0.1:${port}`
const provider = createIdentityProvider(issuer, wikiAt(`http://127.0.0.1:${wikiPort}`), (event) =>
  console.log(JSON.stringify(event)),
)

createServer(toNodeListener(provider)).listen(port, '127.0.0.1', () => {
  console.log(`The identity provider is at ${issuer}/account`)
  for (const { userName, password, groups } of people)
    console.log(`  ${userName}  (password: ${password})  groups: ${groups.join(', ')}`)
})

if (missingApache !== undefined)
  console.log(`There is no ${missingApache}: install apache2 and libapache2-mod-auth-openidc to see the wiki`)
else {
  const directory = await mkdtemp(join(tmpdir(), 'confluence-oidc-'))
  const wiki = await startWiki(directory, wikiPort, issuer)
  console.log(`The wiki is at http://127.0.0.1:${wikiPort}/wiki/`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void wiki.stop().then(() => process.exit(0)))
}
