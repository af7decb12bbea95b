/** What the directory says about itself. */
export const directoryDocument = {
  openapi: '3.1.0',
  info: { title: 'Directory', version: '1.0.0' },
  paths: {
    '/users': {
      get: {
        operationId: 'listUsers',
        summary: 'List the people of the company',
        parameters: [{ name: 'team', in: 'query', schema: { type: 'string', maxLength: 100 } }],
      },
    },
    '/users/{id}': {
      get: {
        operationId: 'getUser',
        summary: 'Show one person',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      },
      delete: {
        operationId: 'deleteUser',
        summary: 'Remove a person',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      },
    },
  },
} as const
