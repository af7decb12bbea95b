/** A way to log in by user name and password. */
export interface Password {
  /** The subject of the user, or `undefined` when the user name or the password is wrong. */
  check(username: string, password: string): Promise<string | undefined>
}

/**
 * Login by user name and password.
 *
 * Your function looks the user up, compares the password against its hash, and answers with the user's stable id.
 * It should take equally long for users that do not exist.
 */
export function password(check: Password['check']): Password {
  return { check }
}
