// What the home page makes a phone fetch, and that nothing of it comes from another host.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Bytes, compressed: everything the home page needs. */
const LIMIT = 200 * 1024
const built = fileURLToPath(new URL('../dist/build/h5', import.meta.url))
const read = (path) => readFileSync(join(built, path), 'utf8')
const assets = readdirSync(join(built, 'assets'))

const index = read('index.html')
const wanted = new Set([...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1]))

// The chunk of the home page, and whatever it imports.
const home = assets.find((name) => /^pages-home-index\..*\.js$/.test(name))
if (!home) throw new Error('no chunk of the home page')
const queue = [...wanted, `assets/${home}`].filter((name) => name.endsWith('.js'))
while (queue.length > 0) {
  const name = queue.pop()
  wanted.add(name)
  for (const match of read(name).matchAll(/from\s*["']\.\/([^"']+\.js)["']/g)) {
    const next = `assets/${match[1]}`
    if (!wanted.has(next)) queue.push(next)
  }
}
for (const name of [...wanted].filter((path) => path.endsWith('.js'))) {
  for (const match of read('assets/' + name.slice(7)).matchAll(/["'](?:\.\/)?(?:assets\/)?([\w-]+\.[\w-]+\.css)["']/g)) {
    if (/^(index|pages-home)/.test(match[1]) && assets.includes(match[1])) wanted.add(`assets/${match[1]}`)
  }
}

let total = gzipSync(index).length
for (const name of wanted) {
  const size = gzipSync(readFileSync(join(built, name))).length
  total += size
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB  ${name}`)
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  compressed, of ${LIMIT / 1024} allowed`)

const foreign = assets
  .filter((name) => name.endsWith('.css'))
  .flatMap((name) => [...read(`assets/${name}`).matchAll(/url\(\s*["']?((?:https?:)?\/\/[^)"']+)/g)].map((match) => `${name}: ${match[1]}`))
for (const line of foreign) console.error(`asks another host: ${line}`)
if (/<(?:script|link)[^>]+(?:src|href)="(?:https?:)?\/\//.test(index)) foreign.push('index.html')
if (foreign.length > 0 || total > LIMIT) process.exit(1)
