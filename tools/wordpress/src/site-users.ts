/** The accounts of every site: one per role that matters to a synchronisation. */
export const siteUsers = {
  admin: { username: 'admin', role: 'administrator', password: 'admin-account-password' },
  editor: { username: 'editor', role: 'editor', password: 'editor-account-password' },
  author: { username: 'author', role: 'author', password: 'author-account-password' },
  subscriber: { username: 'subscriber', role: 'subscriber', password: 'subscriber-account-password' },
} as const

/** The name of one of the accounts. */
export type SiteUserName = keyof typeof siteUsers

/** How to sign in as one of the accounts. */
export interface SiteUser {
  username: string
  /** For wp-login.php; REST refuses it. */
  password: string
  /** For REST and XML-RPC, in groups of four as WordPress shows it. */
  applicationPassword: string
}

/** All accounts with the application passwords of one site. */
export function withApplicationPasswords(passwords: Readonly<Record<string, string>>): Record<SiteUserName, SiteUser> {
  const user = (name: SiteUserName): SiteUser => {
    const applicationPassword = passwords[name]
    if (applicationPassword === undefined) throw new Error(`WordPress made no application password for ${name}.`)
    const { username, password } = siteUsers[name]
    return { username, password, applicationPassword }
  }
  return { admin: user('admin'), editor: user('editor'), author: user('author'), subscriber: user('subscriber') }
}
