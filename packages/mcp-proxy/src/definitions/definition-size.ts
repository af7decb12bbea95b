const maximumCharacters = 128 * 1024
const maximumDepth = 40

/** Why a definition is too much to look at, or `undefined` when it is not. */
export function sizeProblem(definition: object): string | undefined {
  if (depthOf(definition) > maximumDepth) return 'too_deep'
  return JSON.stringify(definition).length > maximumCharacters ? 'too_large' : undefined
}

function depthOf(root: unknown): number {
  let deepest = 0
  const waiting: [unknown, number][] = [[root, 0]]
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const [node, depth] = entry
    deepest = Math.max(deepest, depth)
    if (depth <= maximumDepth && typeof node === 'object' && node !== null)
      for (const child of Object.values(node)) waiting.push([child, depth + 1])
  }
  return deepest
}
