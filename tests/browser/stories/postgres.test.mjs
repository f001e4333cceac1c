// The same on PostgreSQL, in a database of its own on the server that LINLI_TEST_POSTGRES names.
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { house } from '../support/house.mjs'
import { residents } from './residents.mjs'

const server = process.env.LINLI_TEST_POSTGRES
const run = promisify(execFile)

/** Debian puts the client on the path, or beside the server. */
async function psql(...commands) {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [])
  const newest = versions.sort((a, b) => Number(a) - Number(b)).map((version) => join('/usr/lib/postgresql', version, 'bin'))
  const env = { ...process.env, PATH: [process.env.PATH, ...newest.reverse()].join(':') }
  await run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', server, ...commands.flatMap((command) => ['-c', command])], { env })
}

async function database() {
  const name = `linli_browser_${process.pid}`
  await psql(`CREATE DATABASE ${name}`)
  const address = new URL(server)
  address.pathname = `/${name}`
  return { options: { database: address.href }, remove: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) }
}

if (server) residents(house({ prepare: database }).story)
else test('on PostgreSQL', { skip: 'LINLI_TEST_POSTGRES names no server' }, () => {})
