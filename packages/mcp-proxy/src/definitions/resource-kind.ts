import { printableText } from '@gatewright/core'
import type { Completer, ResourceHandler } from '@gatewright/mcp'
import type { ProxySettings } from '../options.ts'
import { resourcePin } from './definition-pin.ts'
import { registryRequirement, requirementFinder, type EntryKind } from './entry-kind.ts'
import { readableText } from './readable-text.ts'
import { localUri } from './resource-uri.ts'
import { resourceProblem, type UpstreamResource } from './upstream-resource.ts'

/** What is done with the resources of an upstream. */
export interface ResourceHandlers {
  read(scopes: readonly string[]): ResourceHandler
  complete(template: string, variable: string, scopes: readonly string[]): Completer
}

const mediaType = /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}(?:;[\x20-\x7e]{1,200})?$/

/** The single resources of an upstream, or its templates. */
export function resourceKind(
  { prefix, resources }: ProxySettings,
  member: 'uri' | 'uriTemplate',
  handlers: ResourceHandlers,
): EntryKind<UpstreamResource> {
  const templates = member === 'uriTemplate'
  return {
    kind: 'resource',
    list: templates
      ? { method: 'resources/templates/list', member: 'resourceTemplates' }
      : { method: 'resources/list', member: 'resources' },
    capability: 'resources',
    pinned: templates ? 'resourceTemplates' : undefined,
    nameOf: (resource) => resource[member],
    localName: (uri) => localUri(uri, prefix),
    problem: (resource) => resourceProblem(resource, member, prefix),
    requirementOf: requirementFinder(resources, (resource) => resource[member] ?? ''),
    pinOf: resourcePin,
    offer(registry, resource, requirement, { completes }) {
      const { [member]: uri = '', name, title, description, mimeType } = resource
      const needed = requirement === 'public' ? [] : requirement
      const variables = templates ? [...uri.matchAll(/\{(\w+)\}/g)].map(([, variable = '']) => variable) : []
      registry.registerResource(
        localUri(uri, prefix),
        {
          ...registryRequirement(requirement),
          name: printableText(name, 200),
          title: readableText(title, 200),
          description: readableText(description, 8000),
          mimeType: typeof mimeType === 'string' && mediaType.test(mimeType) ? mimeType : undefined,
          ...(completes && {
            complete: Object.fromEntries(
              variables.map((variable) => [variable, handlers.complete(uri, variable, needed)]),
            ),
          }),
        },
        handlers.read(needed),
      )
    },
  }
}
