// Runs before each test file of `pnpm test:runtimes`: a runtime that quietly starts another one would prove nothing.
const expected = process.env.EXPECTED_RUNTIME
const found = globalThis.Bun
  ? 'bun'
  : globalThis.Deno
    ? 'deno'
    : globalThis.navigator?.userAgent === 'Cloudflare-Workers'
      ? 'workerd'
      : `node${process.versions.node.split('.')[0]}`
if (expected !== undefined && found !== expected) throw new Error(`this is ${found}, and not ${expected}`)
