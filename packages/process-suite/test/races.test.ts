// RFC 9700 §4.14.2: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2
import { expect, it } from 'vitest'
import { describeStores } from './support/describe-stores.ts'

describeStores('two processes', (open) => {
  async function obtainTokens() {
    const { client, origins } = open().pair
    return (await client.redeem(origins[0], await client.obtainCode())).json
  }

  it('CC-16 that start at once on an empty storage publish one and the same signing key', async () => {
    const keys = await Promise.all(open().pair.origins.map(async (at) => (await fetch(`${at}/jwks`)).json()))
    expect(keys[0]).toMatchObject({ keys: [{ kid: expect.any(String) }] })
    expect(keys[0]).toEqual(keys[1])
  })

  it('of 1,000 redemptions of one code at once one is 200, 999 are invalid_grant, and its tokens are dead', async () => {
    const { client, origins, parallel } = open().pair
    const code = await client.obtainCode()
    const answers = await parallel(1000, (at) => client.redeem(at, code))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ json }) => json.error === 'invalid_grant')).toHaveLength(999)
    for (const at of origins) {
      expect(await client.isActive(at, won[0]?.json.access_token)).toBe(false)
      expect((await client.refresh(at, won[0]?.json.refresh_token)).json.error).toBe('invalid_grant')
    }
  }, 180_000)

  it('CC-03 200 refreshes of one token at once get one successor and one answer, to the byte', async () => {
    const { client, origins, parallel } = open().pair
    const { refresh_token: token } = await obtainTokens()
    const answers = await parallel(200, (at) => client.refresh(at, token))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1)
    expect((await client.refresh(origins[1], answers[0]?.json.refresh_token)).status).toBe(200)
    // The window ends with the first use of the successor.
    expect((await client.refresh(origins[0], token)).json.error).toBe('invalid_grant')
  }, 180_000)

  it('a revocation among refreshes leaves no token that lives, whoever is first', async () => {
    const { client, origins, parallel } = open().pair
    for (let round = 0; round < 10; round++) {
      const first = await obtainTokens()
      const answers = await parallel(16, (at, index) =>
        index === round + 3
          ? client.revoke(at, first.refresh_token)
          : client.refresh(at, first.refresh_token),
      )
      expect(answers[round + 3]?.status).toBe(200)
      for (const { json } of [{ json: first }, ...answers]) {
        if (json.access_token === undefined) continue
        for (const at of origins) expect(await client.isActive(at, json.access_token)).toBe(false)
        expect((await client.refresh(origins[0], json.refresh_token)).json.error).toBe('invalid_grant')
      }
    }
  }, 180_000)

  it('a revocation by a replay among first uses of what the code gave leaves no token that lives', async () => {
    const { client, origins, parallel } = open().pair
    for (let round = 0; round < 5; round++) {
      const code = await client.obtainCode()
      const { json } = await client.redeem(origins[0], code)
      const answers = await parallel(9, (at, index) =>
        index === 4 ? client.redeem(at, code) : client.refresh(at, json.refresh_token),
      )
      expect(answers[4]?.json.error).toBe('invalid_grant')
      for (const answer of answers)
        if (answer.json.access_token !== undefined)
          expect(await client.isActive(origins[1], answer.json.access_token)).toBe(false)
    }
  }, 180_000)
})
