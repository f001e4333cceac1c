// Gives the mini-program build to Tencent's own compiler, without WeChat's developer tools and without a network:
// it reports a missing page or component, bad WXML, bad script. Then adds up the sizes WeChat limits.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import ci from 'miniprogram-ci'

/** Our own limit for each package: WeChat's is 2 MiB, and later work needs room. */
const LIMIT = 1.5 * 1024 * 1024
const built = fileURLToPath(new URL('../dist/build/mp-weixin', import.meta.url))

// What WeChat's server would answer about the account; asking it needs a network and a registered app.
const limits = {
  platform: false,
  appType: 0,
  isSandbox: false,
  released: false,
  setting: {
    MaxCodeSize: 2,
    MaxSubpackageSubCodeSize: 2,
    MaxSubpackageFullCodeSize: 30,
    NavigateMiniprogramLimit: 10,
    MaxSubPackageLimit: 100,
    MaxTabbarCount: 5,
    MaxTabbarIconSize: 40,
  },
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesUnder(path) : [path]
  })
}

function fail(why) {
  console.error(`check:mp: ${why}`)
  process.exit(1)
}

const temporary = mkdtempSync(join(tmpdir(), 'linli-mp-'))
try {
  // The compiler wants a key to sign uploads with; nothing is uploaded, so any key will do.
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keyFile = join(temporary, 'key.pem')
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs1', format: 'pem' }))

  const project = new ci.Project({ appid: 'wx0000000000000000', type: 'miniProgram', projectPath: built, privateKeyPath: keyFile, ignores: ['node_modules/**/*'] })
  project.attr = async () => limits

  const app = JSON.parse(readFileSync(join(built, 'app.json'), 'utf8'))
  const subPackages = (app.subPackages ?? []).map((part) => part.root.replace(/\/$/, ''))
  const wanted = [...app.pages, ...(app.subPackages ?? []).flatMap((part) => part.pages.map((page) => `${part.root.replace(/\/$/, '')}/${page}`))]

  const result = await ci.getCompiledResult(
    { project, version: '0.0.0', desc: 'check', setting: { es6: true, minify: true, autoPrefixWXSS: true }, onProgressUpdate: () => {} },
    join(temporary, 'compiled.zip'),
  )
  if (result === undefined) console.log('compiled')
  for (const page of wanted) {
    for (const kind of ['js', 'json', 'wxml']) {
      try {
        statSync(join(built, `${page}.${kind}`))
      } catch {
        fail(`${page}.${kind} is missing`)
      }
    }
  }

  const sizes = new Map([['main package', { raw: 0, zipped: 0 }], ...subPackages.map((root) => [root, { raw: 0, zipped: 0 }])])
  for (const file of filesUnder(built)) {
    const relative = file.slice(built.length + 1)
    const owner = subPackages.find((root) => relative.startsWith(`${root}/`)) ?? 'main package'
    const content = readFileSync(file)
    sizes.get(owner).raw += content.length
    sizes.get(owner).zipped += gzipSync(content).length
  }
  let tooLarge = false
  const whole = { raw: 0, zipped: 0 }
  const line = (name, { raw, zipped }) => console.log(`${name.padEnd(14)} ${(raw / 1024).toFixed(0).padStart(6)} KiB  (${(zipped / 1024).toFixed(0)} KiB compressed)`)
  for (const [name, size] of sizes) {
    line(name, size)
    whole.raw += size.raw
    whole.zipped += size.zipped
    tooLarge ||= size.raw > LIMIT
  }
  line('all together', whole)
  console.log(`limits: ${LIMIT / 1024 / 1024} MiB each of ours, ${limits.setting.MaxSubpackageSubCodeSize} MiB each and ${limits.setting.MaxSubpackageFullCodeSize} MiB together of WeChat's`)
  if (tooLarge) fail(`a package is over ${LIMIT / 1024 / 1024} MiB`)
  console.log(`${wanted.length} pages accepted`)
} catch (reason) {
  fail(reason instanceof Error ? reason.message : String(reason))
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
process.exit(0)
