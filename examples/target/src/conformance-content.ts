import { jsonSchema, promptText, text, type ContentBlock, type ToolRegistry } from '@gatewright/mcp'

const gate = { scopes: ['read:application'] } as const
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA='
const image: ContentBlock = { type: 'image', data: png, mimeType: 'image/png' }
const embedded = (uri: string, contents: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType: 'text/plain', text: contents },
})
const sentence = (value: string): ContentBlock => ({ type: 'text', text: value })

const keywords = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // A keyword of JSON Schema.
  // oxlint-disable-next-line unicorn/no-thenable
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
} as const

/** Adds what the conformance suite reads: content of every kind, resources, prompts and completion. */
export function addConformanceContent(registry: ToolRegistry): void {
  const say = (name: string, description: string, content: readonly ContentBlock[]) =>
    registry.register(name, { description, ...gate }, () => ({ content }))
  say('test_simple_text', 'Text', [sentence('This is a simple text response for testing.')])
  say('test_image_content', 'An image', [image])
  say('test_audio_content', 'Sound', [{ type: 'audio', data: wav, mimeType: 'audio/wav' }])
  say('test_embedded_resource', 'A resource', [
    embedded('test://embedded-resource', 'This is an embedded resource content.'),
  ])
  say('test_multiple_content_types', 'Several kinds', [
    sentence('Multiple content types test:'),
    image,
    {
      type: 'resource',
      resource: {
        uri: 'test://mixed-content-resource',
        mimeType: 'application/json',
        text: JSON.stringify({ test: 'data', value: 123 }),
      },
    },
  ])
  registry
    .register('test_error_handling', { description: 'Fails', ...gate }, () => ({
      ...text('This tool intentionally returns an error for testing'),
      isError: true,
    }))
    .register('test_tool_with_progress', { description: 'Takes a while', ...gate }, async (_, __, extra) => {
      for (const progress of [0, 50, 100]) await extra.progress(progress, 100, `${progress} of 100`)
      return text('done')
    })
    .register(
      'json_schema_2020_12_tool',
      { description: 'Has every keyword', ...gate, input: jsonSchema(keywords, (value) => value) },
      (input) => text(JSON.stringify(input)),
    )
    .registerResource('test://static-text', { name: 'Text', mimeType: 'text/plain', ...gate }, () => ({
      text: 'This is the content of the static text resource.',
    }))
    .registerResource('test://static-binary', { name: 'Image', mimeType: 'image/png', ...gate }, () => ({
      blob: png,
    }))
    .registerResource(
      'test://template/{id}/data',
      { name: 'Template', mimeType: 'application/json', ...gate },
      ({ id }) => ({ text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }),
    )
    .registerPrompt('test_simple_prompt', { description: 'Simple', ...gate }, () =>
      promptText('This is a simple prompt for testing.'),
    )
    .registerPrompt(
      'test_prompt_with_arguments',
      {
        description: 'With arguments',
        ...gate,
        arguments: [
          {
            name: 'arg1',
            required: true,
            complete: (typed) => ['paris', 'park', 'party'].filter((each) => each.startsWith(typed)),
          },
          { name: 'arg2', required: true },
        ],
      },
      ({ arg1, arg2 }) => promptText(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
    )
    .registerPrompt(
      'test_prompt_with_embedded_resource',
      { description: 'With a resource', ...gate, arguments: [{ name: 'resourceUri', required: true }] },
      ({ resourceUri = '' }) => ({
        messages: [
          { role: 'user', content: embedded(resourceUri, 'Embedded resource content for testing.') },
          { role: 'user', content: sentence('Please process the embedded resource above.') },
        ],
      }),
    )
    .registerPrompt('test_prompt_with_image', { description: 'With an image', ...gate }, () => ({
      messages: [
        { role: 'user', content: image },
        { role: 'user', content: sentence('Please analyze the image above.') },
      ],
    }))
}
