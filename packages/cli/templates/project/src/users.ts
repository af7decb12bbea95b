// Who may log in. Replace both functions by questions to your own users.
const demo = { name: 'demo', password: process.env['DEMO_PASSWORD'] ?? '' }

/** Gives the id of the user whose name and password these are. */
export async function checkPassword(name: string, password: string): Promise<string | undefined> {
  return demo.password !== '' && name === demo.name && password === demo.password ? demo.name : undefined
}

/** Tells what is known about a user. Tokens of a user who is not found any more stop working. */
export async function findUser(id: string) {
  return id === demo.name ? { claims: { name: 'Demo User' } } : undefined
}
