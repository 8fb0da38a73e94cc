import { connect } from 'node:net'
import type { Programs } from './ensure-php.ts'
import type { GuardedProcess, ProcessGuard } from './process-guard.ts'
import { runCommand } from './run-command.ts'
import { waitUntil } from './wait-until.ts'

/** A MariaDB of one site: reached through a unix socket only, and careless about power cuts for speed. */
export interface MariadbInput {
  guard: ProcessGuard
  programs: Programs
  dataDirectory: string
  socket: string
  signal?: AbortSignal | undefined
}

/** Starts MariaDB on a data directory and waits until it takes connections. */
export async function startMariadb(input: MariadbInput): Promise<GuardedProcess> {
  const { guard, programs, dataDirectory, socket, signal } = input
  const server = guard.start({
    name: 'mariadb',
    command: programs.mariadbd ?? 'mariadbd',
    arguments: [
      '--no-defaults',
      ...asRoot(),
      `--datadir=${dataDirectory}`,
      `--socket=${socket}`,
      `--pid-file=${socket}.pid`,
      '--skip-networking',
      '--skip-log-bin',
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
      '--max-allowed-packet=64M',
      '--performance-schema=OFF',
      '--innodb-buffer-pool-size=128M',
      '--innodb-log-file-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-flush-method=nosync',
      '--innodb-doublewrite=0',
      '--innodb-use-native-aio=0',
    ],
  })
  const isReady = () => isListening(socket)
  await waitUntil({ what: 'MariaDB', isReady, processes: [server], timeoutMs: 60_000, signal })
  return server
}

/** Fills an empty data directory with MariaDB's system tables. */
export async function createMariadbData(
  programs: Programs,
  dataDirectory: string,
  signal?: AbortSignal,
): Promise<void> {
  await runCommand(
    programs.mariadbInstallDb ?? 'mariadb-install-db',
    [
      '--no-defaults',
      ...asRoot(),
      `--datadir=${dataDirectory}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--innodb-log-file-size=16M',
      '--innodb-flush-method=nosync',
      '--innodb-use-native-aio=0',
    ],
    { signal },
  )
}

/** Creates the empty database that WordPress is installed in. */
export async function createWordPressDatabase(php: string, socket: string, signal?: AbortSignal): Promise<void> {
  const script = `mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    $link = new mysqli(null, 'root', '', '', 0, $argv[1]);
    $link->query('CREATE DATABASE wordpress CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci');`
  await runCommand(php, ['-r', script, socket], { signal })
}

/** MariaDB refuses to run as root unless told so. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}

function isListening(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.on('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.on('error', () => resolve(false))
  })
}
