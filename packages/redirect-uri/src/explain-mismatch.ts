import type { CompiledRegistration } from './compile-registration.ts'
import { patternKey } from './pattern-key.ts'
import type { RedirectUriMatch, RedirectUriMismatch } from './redirect-uri-match.ts'
import { problemText } from './redirect-uri-problem.ts'
import { syntaxProblem } from './syntax-problem.ts'
import { pieceNames, uriPieces } from './uri-pieces.ts'

/**
 * Says why a presented URI, which is known not to match, did not, and which entry came closest.
 *
 * It runs on failure only, in time linear in the number of entries, and cuts up no more than the greatest
 * length of a redirect URI.
 */
export function explainMismatch(presented: string, registration: CompiledRegistration): RedirectUriMatch {
  const { exact, patterns, unusable } = registration
  const entry = unusable.get(presented) ?? unusable.get(patternKey(presented) ?? presented)
  if (entry)
    return mismatch('entry_not_usable', `The registered ${problemText(entry.problem)}`, entry.registered)
  if (exact.size + patterns.size === 0)
    return mismatch('nothing_registered', 'The client has no usable redirect URI.')

  const problem = syntaxProblem(presented)
  if (problem) return mismatch('malformed', `The ${problemText(problem)}`)

  return (
    nearMiss(presented, registration) ?? mismatch('not_registered', 'The redirect URI is not registered.')
  )
}

function nearMiss(
  presented: string,
  { exact, patterns }: CompiledRegistration,
): RedirectUriMatch | undefined {
  const asEntry = uriPieces(presented)
  const asPattern = uriPieces(patternKey(presented.toLowerCase()) ?? presented)
  let lightest = 0
  let nearest = ''
  for (const uri of [...exact, ...patterns.keys()]) {
    const own = uriPieces(uri)
    const presentedPieces = patterns.has(uri) ? asPattern : asEntry
    // Without any difference this is the greatest number: then the two differ in nothing but case.
    const difference = presentedPieces.findIndex((piece, at) => piece !== own[at]) >>> 0
    if (difference <= lightest) continue
    lightest = difference
    nearest = uri
  }
  const name = pieceNames[lightest] ?? 'case'
  if (name === 'party') return undefined
  const message = `The closest registered redirect URI differs in its ${name.replace('_', ' ')}.`
  return mismatch(`${name}_differs`, message, patterns.get(nearest)?.registered ?? nearest)
}

function mismatch(reason: RedirectUriMismatch, message: string, registered?: string): RedirectUriMatch {
  return { matched: false, reason, message, registered }
}
