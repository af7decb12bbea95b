import { tell } from '../bench/answer.ts'
import { arrivalOf } from '../bench/authorization.ts'
import type { Bench } from '../bench/bench.ts'
import { givenClient } from '../bench/clients.ts'
import type { TestClient } from '../bench/clients.ts'
import { expectThat, failed, NotApplicable, passed } from '../check.ts'
import type { Check } from '../check.ts'
import { expectHonest } from './is-refused.ts'

/** A client that is known by its document alone. */
async function documentClient(bench: Bench): Promise<TestClient> {
  const { client_id_metadata_document_supported: supported } = await bench.metadata()
  if (supported !== true) throw new NotApplicable('it takes no metadata documents of clients')
  return givenClient(bench.target.documentClient, 'is known by the URL of its metadata document')
}

/** The document under URLs that no client may have: each leads a careless server to the same place. */
function variants(id: string): readonly string[] {
  const { protocol, host, pathname } = new URL(id)
  return [
    `http://${host}${pathname}`,
    `${id}#fragment`,
    `${protocol}//user:password@${host}${pathname}`,
    `${protocol}//${host}/.${pathname}`,
    `${protocol}//${host}/x/..${pathname}`,
  ]
}

/** Clients that are known by a document at their own URL. */
export const documentChecks: readonly Check[] = [
  {
    id: 'authorization-server.document',
    title: 'knows a client by the metadata document at its URL',
    section: 'MCP 2025-11-25 Authorization, Client ID Metadata Documents',
    severity: 'must',
    mend: 'Fetch the document when `client_id` is an https URL, and take redirect URIs and name from it.',
    async run(bench) {
      const client = await documentClient(bench)
      const answer = await bench.ask(client)
      return expectThat(!arrivalOf(answer, client.redirect_uris[0]).startsWith('refused'), tell(answer))
    },
  },
  {
    id: 'authorization-server.document-url',
    title: 'takes no URL for a client that is not https, or has credentials, a fragment or dots in its path',
    section: 'draft-ietf-oauth-client-id-metadata-document-00 §3',
    severity: 'must',
    mend: 'Look at the URL as it was written, before a parser has tidied it up.',
    async run(bench) {
      const client = await documentClient(bench)
      await expectHonest(bench, client)
      for (const id of variants(client.client_id)) {
        const answer = await bench.ask({ ...client, client_id: id })
        if (!arrivalOf(answer, client.redirect_uris[0]).startsWith('refused'))
          return failed(`${id}: ${tell(answer)}`)
      }
      return passed
    },
  },
  {
    id: 'authorization-server.document-name',
    title: 'refuses a document that calls its client something else than its URL',
    section: 'draft-ietf-oauth-client-id-metadata-document-00 §4.1',
    severity: 'must',
    mend: 'Compare `client_id` of the document with the URL as strings: a document may be served from other places too.',
    async run(bench) {
      const client = await documentClient(bench)
      await expectHonest(bench, client)
      const answer = await bench.ask({ ...client, client_id: `${client.client_id}?copy` })
      return expectThat(arrivalOf(answer, client.redirect_uris[0]).startsWith('refused'), tell(answer))
    },
  },
  {
    id: 'authorization-server.document-redirect',
    title: 'leads to no redirect URI that the document of a client does not name',
    section: 'RFC 6749 §3.1.2.3',
    severity: 'must',
    mend: 'Compare as for any other client; that a document lies at some URL vouches for nothing else there.',
    async run(bench) {
      const client = await documentClient(bench)
      await expectHonest(bench, client)
      const evil = 'https://attacker.example/callback'
      const answer = await bench.ask(client, { redirect_uri: evil })
      return expectThat(arrivalOf(answer, evil) === 'refused here', tell(answer))
    },
  },
]
