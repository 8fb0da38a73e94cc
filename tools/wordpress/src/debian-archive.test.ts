import { expect, it } from 'vitest'
import { parseIndexTargets, sourcesList } from './debian-archive.ts'

it('takes the mirrors from the machine, whatever else its apt reads', () => {
  const output = [
    'nodistro\tmain\thttps://node.example/node_20.x/\tnodesource',
    'bookworm\tcontrib\thttp://mirror.example/debian/\tDebian',
    'bookworm-updates\tmain\thttp://updates.example/debian/\tDebian',
    'bookworm\tmain\thttp://mirror.example/debian/\tDebian',
    'bookworm-security\tmain\thttp://mirror.example/debian-security/\tDebian',
  ].join('\n')
  expect(parseIndexTargets(output)).toEqual({
    main: 'http://mirror.example/debian/',
    security: 'http://mirror.example/debian-security/',
  })
})

it('finds the mirror before the lists were ever updated, when apt knows no origin yet', () => {
  expect(parseIndexTargets('trixie\tmain\thttp://mirror.example/debian/\t')?.main).toBe('http://mirror.example/debian/')
})

it('finds no mirror on another distribution', () => {
  expect(parseIndexTargets('noble\tmain\thttp://mirror.example/ubuntu/\tUbuntu\n')).toBeUndefined()
})

it('asks for security updates of releases that have them', () => {
  const mirrors = { main: 'http://m/debian', security: 'http://m/security' }
  expect(sourcesList('trixie', mirrors, '/keys.gpg')).toBe(
    'deb [signed-by=/keys.gpg] http://m/debian trixie main\ndeb [signed-by=/keys.gpg] http://m/security trixie-security main\n',
  )
  expect(sourcesList('sid', mirrors, undefined)).toBe('deb http://m/debian sid main\n')
})
