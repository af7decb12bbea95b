// What a bundler adds to an application for one entry point, compressed. Each limit is a tenth above what was measured when it was
// last set: raise one in the commit that makes it necessary, and say why there.
import { published } from './.ci/workspace.mjs'

const limits = {}

export default published.flatMap(({ path, manifest }) =>
  Object.entries(manifest.exports)
    .filter(([, target]) => target.default !== undefined)
    .map(([subpath, target]) => {
      const name = manifest.name + subpath.slice(1)
      return {
        name,
        path: `${path}/${target.default.slice(2)}`,
        gzip: true,
        limit: limits[name],
        ignore: Object.keys(manifest.peerDependencies ?? {}),
        modifyEsbuildConfig: (config) => ({ ...config, platform: 'node', logLevel: 'error' }),
      }
    }),
)
