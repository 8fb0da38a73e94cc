import type { UserRow } from './site-state.ts'

export interface FakeUserInput {
  readonly username: string
  readonly role: string
  /** @default made of the login */
  readonly applicationPassword?: string
}

/** How to sign in as one of the accounts. */
export interface FakeUser {
  readonly username: string
  readonly role: string
  /** For wp-login.php; REST ignores it. */
  readonly password: string
  /** In groups of four, as WordPress shows it. */
  readonly applicationPassword: string
}

const standard: readonly FakeUserInput[] = [
  { username: 'admin', role: 'administrator' },
  { username: 'editor', role: 'editor' },
  { username: 'author', role: 'author' },
  { username: 'subscriber', role: 'subscriber' },
]

export function standardUsers(
  inputs: readonly FakeUserInput[] = standard,
): readonly (FakeUser & { readonly toRow: (id: number) => UserRow })[] {
  return inputs.map(({ username, role, applicationPassword = passwordOf(username) }) => {
    const password = `${username}-account-password`
    return {
      username,
      role,
      password,
      applicationPassword,
      toRow: (id) => ({
        id,
        login: username,
        name: username === 'admin' ? 'admin' : `${username.slice(0, 1).toUpperCase()}${username.slice(1)}`,
        email: `${username}@example.org`,
        role,
        password,
        applicationPasswords: [applicationPassword.replaceAll(' ', '')],
      }),
    }
  })
}

/** 24 letters in groups of four, the same for the same login. */
function passwordOf(username: string): string {
  const letters = `${username.replaceAll(/[^a-z\d]/gi, '')}ABCDefghIJKLmnopQRSTuvwx`.slice(0, 24)
  return letters.match(/.{4}/g)?.join(' ') ?? letters
}
