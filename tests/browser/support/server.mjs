// The real server with a fresh demo, in a folder of its own, on a port of its own.
import { execFile, spawn } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const binary = process.env.LINLI_BINARY ?? join(project, 'target/debug/linli')
const web = process.env.LINLI_WEB ?? join(project, 'miniapp/dist/build/h5')
const run = promisify(execFile)

/** A Monday on which nobody is on holiday, at the hour when desks open. The clock runs on from there. */
export const MORNING = '2026-11-23T09:00:00+08:00'

/** Lines of the server's log kept for a failure. */
const KEPT = 200
/** A server that has not said where it listens by then never will. Milliseconds. */
const START = 30_000

async function need(path, words) {
  await access(path).catch(() => {
    throw new Error(`${words}: ${path} is missing`)
  })
}

/** The settings of this server; nothing of the surroundings' own. */
function settings(database) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('LINLI_'))
  return {
    ...Object.fromEntries(inherited),
    LINLI_MODE: 'demo',
    LINLI_DEMO_BEGINS_AT: JSON.stringify(MORNING),
    LINLI_SERVER__LISTEN: '127.0.0.1:0',
    LINLI_SERVER__WEB: web,
    ...(database && { LINLI_DATABASE__URL: database, LINLI_SECRETS__MASTER_KEY: 'only for the tests in the browser, 32 characters' }),
  }
}

/**
 * Starts a server. `database` is the address of an empty PostgreSQL database; without it the demo lives in a file.
 * Answers with its address, the last lines of its log, and how to stop it.
 */
export async function startServer({ database } = {}) {
  await need(binary, 'Build the server first (cargo build)')
  await need(join(web, 'index.html'), 'Build the web page first (npm --prefix miniapp run build:h5)')
  const folder = await mkdtemp(join(tmpdir(), 'linli-browser-'))
  const env = settings(database)
  if (database) {
    await run(binary, ['migrate'], { cwd: folder, env })
    await run(binary, ['seed'], { cwd: folder, env })
  }

  const child = spawn(binary, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = []
  const ended = new Promise((resolve) => child.once('exit', resolve))
  let clock
  const address = await new Promise((resolve, reject) => {
    const give = (words) => reject(new Error(`${words}\n${lines.join('\n')}`))
    clock = setTimeout(() => give('The server did not say where it listens'), START)
    let open = ''
    const read = (chunk) => {
      const parts = (open + chunk).split('\n')
      open = parts.pop()
      for (const line of parts) {
        lines.push(line)
        if (lines.length > KEPT) lines.shift()
        const found = /^\s*(http:\/\/127\.0\.0\.1:\d+)\/\s/.exec(line)
        if (found) resolve(found[1])
      }
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', (reason) => give(reason.message))
    child.once('exit', (code) => give(`The server ended with ${code}`))
  })
    .catch(async (reason) => {
      child.kill()
      await rm(folder, { recursive: true, force: true })
      throw reason
    })
    .finally(() => clearTimeout(clock))

  return {
    address,
    log: () => lines.join('\n'),
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
