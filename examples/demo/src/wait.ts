/** How long a sync waits for another one: the site is free again when the lease of the killed process is over, and when the sync that then began by itself has ended. */
export const waitMs = 60_000
