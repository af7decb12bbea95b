const contender = (name, file, mode, note) => ({
  name,
  note,
  module: `resources/${file}.mjs`,
  options: { mode },
})

/** Verification of an access token, by what is known of it beforehand. */
export const verifyJobs = [
  {
    name: 'verify',
    title: 'Verify a JWT access token that was not seen before',
    run: (bench) =>
      bench.compare([
        contender('the signature alone', 'raw-verify', 'cold'),
        contender('floor', 'floor-verify', 'cold'),
        contender('gatewright', 'gatewright-verify', 'cold'),
        contender('jose', 'jose-verify', 'cold', 'no grant, no revocation'),
      ]),
  },
  {
    name: 'verify-cached',
    title: 'Verify a JWT access token that was seen before; whether it was revoked is asked each time',
    run: (bench) =>
      bench.compare([
        contender('floor', 'floor-verify', 'cached'),
        contender('gatewright', 'gatewright-verify', 'cached'),
      ]),
  },
  {
    name: 'gate',
    title: 'The gate alone: a request whose token was seen before; whether it was revoked is asked each time',
    run: (bench) =>
      bench.compare([
        contender('floor', 'floor-gate', 'cached'),
        contender('gatewright', 'gatewright-gate', 'cached'),
      ]),
  },
  {
    name: 'verify-opaque',
    title: 'Check an opaque access token whose introspection is at hand',
    run: (bench) =>
      bench.compare([
        contender('floor', 'floor-verify', 'opaque'),
        contender('gatewright', 'gatewright-verify', 'opaque'),
      ]),
  },
]
