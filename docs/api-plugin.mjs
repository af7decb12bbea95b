import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'
import { MarkdownPageEvent } from 'typedoc-plugin-markdown'
import { first, groups } from './api-groups.mjs'

/** Puts the names of each module into the groups of `api-groups.mjs`, and mends the places that links to properties name. */
export function load(application) {
  // Links write a hyphen where the name of the property has an underscore.
  application.renderer.on(MarkdownPageEvent.END, (page) => {
    page.contents = page.contents?.replaceAll(/<a id="property-[^"]*"/g, (anchor) =>
      anchor.replaceAll('_', '-'),
    )
  })
  application.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const known = new Set()
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      known.add(module.name)
      const children = new Map((module.children ?? []).map((child) => [child.name, child]))
      for (const [group, names] of Object.entries(groups[module.name] ?? defaultGroup(children)))
        for (const name of names) {
          const child = children.get(name)
          if (child === undefined) throw new Error(`docs/api-groups.mjs: ${module.name} exports no "${name}"`)
          putIn(group, child)
        }
    }
    for (const name of Object.keys(groups))
      if (!known.has(name)) throw new Error(`docs/api-groups.mjs: there is no module "${name}"`)
  })
}

function defaultGroup(children) {
  const functions = [...children.values()].filter(({ kind }) => kind === ReflectionKind.Function)
  return { [first]: functions.map(({ name }) => name) }
}

function putIn(group, reflection) {
  // A function has its comments at its signatures.
  for (const documented of reflection.signatures ?? [reflection]) {
    documented.comment ??= new Comment()
    documented.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: group }]))
  }
}
