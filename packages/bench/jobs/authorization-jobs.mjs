import { peersOf } from '../peers/authorization-servers.mjs'

const server = (name, file, job, options = {}) => ({
  name,
  module: 'authorization/workload.mjs',
  options: { server: `authorization/${file}.mjs`, job, ...options },
})

/** The job of an authorization server: floor, Gatewright and peers, in process and over HTTP. */
export function authorizationJob(
  name,
  title,
  { http = true, floor = true, peers = true, options = {}, variant } = {},
) {
  const measure = floor ? [server('floor', 'floor', name, options)] : []
  const ours = server('gatewright', 'gatewright', name, options)
  const variants = variant === undefined ? [] : [server(variant.name, 'gatewright', name, variant.options)]
  return {
    name,
    title,
    async run(bench) {
      const others = peers && bench.peers ? peersOf(name, options) : []
      const web = floor
        ? [server('floor as Request and Response', 'floor', name, { ...options, web: true })]
        : []
      const together = { ...ours, name: 'gatewright, 16 at once', atOnce: 16 }
      const inProcess = await bench.compare([...measure, ours, together, ...variants, ...web, ...others])
      const overHttp = http
        ? await bench.compare([...measure, ours, ...variants, ...others], { http: true })
        : []
      return [...inProcess, ...overHttp]
    },
  }
}
