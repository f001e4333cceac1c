// Compresses the files of the built web page once, as well as it can be done, and leaves them beside each file: the server
// sends those as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const built = fileURLToPath(new URL('../dist/build/h5', import.meta.url))
/** What is compressed already, or by this. */
const DENSE = /\.(png|jpe?g|webp|gif|woff2?|br|gz)$/

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  })
const gzip = (bytes) => gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION })

for (const name of readdirSync(built, { recursive: true })) {
  const path = join(built, name)
  if (DENSE.test(name) || !statSync(path).isFile()) continue
  const bytes = readFileSync(path)
  for (const [ending, compressed] of [['br', brotli(bytes)], ['gz', gzip(bytes)]]) {
    if (compressed.length < bytes.length) writeFileSync(`${path}.${ending}`, compressed)
  }
}
