/** What a definition can be pinned as. Single resources are content, which changes as what it is about does. */
export type PinnedKind = 'tools' | 'prompts' | 'resourceTemplates'

/** Digests of definitions, by the upstream's own names. */
export type Pins = { readonly [Kind in PinnedKind]?: Readonly<Record<string, string>> | undefined }
