/** In the place of your user table. */
export const users = {
  check: async (name: string, password: string) => (password === 'correct horse' ? name : undefined),
}
