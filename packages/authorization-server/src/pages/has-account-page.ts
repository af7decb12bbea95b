import type { ServerContext } from '../server-context.ts'

/** Whether users have a page where they can end what they allowed. */
export function hasAccountPage({ options }: ServerContext): boolean {
  return options.endpoints.some(({ pages }) => pages?.account !== undefined)
}
