// What the home page makes a phone fetch, that nothing of it comes from another host, and that what was compressed is the same.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'

/** Bytes, compressed: everything the home page needs. */
const LIMIT = 200 * 1024
const built = fileURLToPath(new URL('../dist/build/h5', import.meta.url))
const read = (path) => readFileSync(join(built, path), 'utf8')
const assets = readdirSync(join(built, 'assets'))

const index = read('index.html')
const wanted = new Set([...index.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1]))

// The chunk of the home page with everything the entry loads beside it, scripts and styles.
const entry = [...wanted].find((name) => /index-.*\.js$/.test(name))
if (!entry) throw new Error('no entry script')
const code = read(entry)
const files = JSON.parse(`[${/viteFileDeps\s*=\s*\[([^\]]*)\]/.exec(code)?.[1] ?? ''}]`)
const home = /pages-home-index[^)]*\)\s*,\s*__vite__mapDeps\(\[([\d,\s]*)\]/.exec(code)
if (!home || files.length === 0) throw new Error('the entry does not say what the home page loads')
for (const index of home[1].split(',')) wanted.add(`assets/${files[Number(index)].replace(/^\.\/(assets\/)?/, '')}`)

let total = gzipSync(index).length
for (const name of wanted) {
  const size = gzipSync(readFileSync(join(built, name))).length
  total += size
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB  ${name}`)
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  compressed, of ${LIMIT / 1024} allowed`)

const unpack = { br: brotliDecompressSync, gz: gunzipSync }
const packed = readdirSync(built, { recursive: true }).filter((name) => /\.(br|gz)$/.test(name))
const torn = packed.filter((name) => {
  const ending = name.slice(-2)
  return !unpack[ending](readFileSync(join(built, name))).equals(readFileSync(join(built, name.slice(0, -3))))
})
if (!packed.includes(`${entry}.br`) || !packed.includes(`${entry}.gz`)) torn.push(entry)
for (const name of torn) console.error(`not the same compressed: ${name}`)

const foreign = assets
  .filter((name) => name.endsWith('.css'))
  .flatMap((name) => [...read(`assets/${name}`).matchAll(/url\(\s*["']?((?:https?:)?\/\/[^)"']+)/g)].map((match) => `${name}: ${match[1]}`))
for (const line of foreign) console.error(`asks another host: ${line}`)
if (/<(?:script|link)[^>]+(?:src|href)="(?:https?:)?\/\//.test(index)) foreign.push('index.html')
if (foreign.length > 0 || torn.length > 0 || total > LIMIT) process.exit(1)
