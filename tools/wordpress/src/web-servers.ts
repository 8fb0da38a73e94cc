import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Programs } from './ensure-php.ts'
import { phpSettingArguments, phpSettings } from './php-runner.ts'
import type { GuardedProcess, ProcessGuard } from './process-guard.ts'
import { phpSources } from './site-files.ts'

/** What a web server needs to know of the site it serves. */
export interface ServeInput {
  guard: ProcessGuard
  programs: Programs
  directory: string
  documentRoot: string
  port: number
}

/** PHP's built-in server with four workers: the least to install, closes every connection after one answer. */
export function servePhp({ guard, programs, documentRoot, port }: ServeInput): GuardedProcess[] {
  const server = guard.start({
    name: 'php-server',
    command: programs.php,
    arguments: [
      ...phpSettingArguments(),
      '-S',
      `127.0.0.1:${port}`,
      '-t',
      documentRoot,
      join(phpSources, 'router.php'),
    ],
    env: { ...process.env, PHP_CLI_SERVER_WORKERS: '4' },
  })
  return [server]
}

/** Nginx with php-fpm, as on most hosts: keep-alive connections, eight workers. */
export async function serveNginx(input: ServeInput): Promise<GuardedProcess[]> {
  const { guard, programs, directory } = input
  if (programs.phpFpm === undefined || programs.nginx === undefined) throw new Error('php-fpm and nginx are missing.')
  const isRoot = process.getuid?.() === 0
  const fpmFile = join(directory, 'php-fpm.conf')
  const nginxFile = join(directory, 'nginx.conf')
  await writeFile(fpmFile, renderFpmConfiguration(directory, isRoot))
  await writeFile(nginxFile, renderNginxConfiguration(input, isRoot))
  await mkdir(join(directory, 'nginx'))

  const fpm = guard.start({
    name: 'php-fpm',
    command: programs.phpFpm,
    arguments: ['--nodaemonize', '--fpm-config', fpmFile, ...(isRoot ? ['--allow-to-run-as-root'] : [])],
  })
  const nginx = guard.start({
    name: 'nginx',
    command: programs.nginx,
    arguments: ['-p', directory, '-c', nginxFile, '-e', join(directory, 'nginx-error.log')],
  })
  return [fpm, nginx]
}

function renderFpmConfiguration(directory: string, isRoot: boolean): string {
  const settings = Object.entries(phpSettings).map(([name, value]) => `php_admin_value[${name}] = ${value}`)
  return `[global]
error_log = ${join(directory, 'php-fpm-error.log')}
daemonize = no

[wordpress]
${isRoot ? 'user = root\ngroup = root\n' : ''}listen = ${join(directory, 'php-fpm.sock')}
pm = static
pm.max_children = 8
catch_workers_output = yes
clear_env = no
${settings.join('\n')}
`
}

function renderNginxConfiguration({ directory, documentRoot, port }: ServeInput, isRoot: boolean): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${isRoot ? 'user root;\n' : ''}daemon off;
worker_processes 2;
pid ${join(directory, 'nginx.pid')};
error_log ${join(directory, 'nginx-error.log')} warn;
events { worker_connections 512; }
http {
  access_log off;
  default_type application/octet-stream;
  types {
    text/html html htm; text/css css; text/plain txt; application/javascript js; application/json json;
    image/png png; image/jpeg jpg jpeg; image/gif gif; image/webp webp; image/svg+xml svg; application/pdf pdf;
  }
${temporary.map((name) => `  ${name}_temp_path ${join(directory, 'nginx', name)};`).join('\n')}
  client_max_body_size 34m;
  keepalive_timeout 65s;
  server {
    listen 127.0.0.1:${port};
    root ${documentRoot};
    index index.php;
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php(/|$) {
      try_files $uri /index.php?$args;
      fastcgi_pass unix:${join(directory, 'php-fpm.sock')};
      fastcgi_read_timeout 300s;
      fastcgi_buffers 16 32k;
      fastcgi_buffer_size 64k;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_param SCRIPT_NAME $fastcgi_script_name;
      fastcgi_param DOCUMENT_ROOT $document_root;
      fastcgi_param DOCUMENT_URI $document_uri;
      fastcgi_param REQUEST_URI $request_uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_param SERVER_PROTOCOL $server_protocol;
      fastcgi_param SERVER_SOFTWARE nginx/$nginx_version;
      fastcgi_param REQUEST_SCHEME $scheme;
      fastcgi_param GATEWAY_INTERFACE CGI/1.1;
      fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param REMOTE_PORT $remote_port;
      fastcgi_param SERVER_ADDR $server_addr;
      fastcgi_param SERVER_PORT $server_port;
      fastcgi_param SERVER_NAME 127.0.0.1;
      fastcgi_param REDIRECT_STATUS 200;
    }
  }
}
`
}
