import { fileURLToPath } from 'node:url'
import * as uniPlugin from '@dcloudio/vite-plugin-uni'
import { defineConfig, type Plugin } from 'vite'

// The plugin is CommonJS: depending on the loader its function sits one level deeper.
type UniPlugin = () => Plugin[]
const uniModule = uniPlugin as unknown as { default: UniPlugin & { default?: UniPlugin } }
const uni = uniModule.default.default ?? uniModule.default

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/**
 * The page asks nobody but its own server. The framework's styles point at pictures on outside hosts, and the component
 * library declares its icon font twice, once on one: those pictures and that declaration are dropped. The font's own file
 * stays, and is fetched where an icon of the library is shown.
 */
function noForeignRequests(): Plugin {
  const elsewhere = /url\(\s*["']?(?:https?:)?\/\/[^)]*\)/
  const keepInside = (css: string) =>
    css
      .replace(/@font-face\s*\{[^}]*\}/g, (face) => (elsewhere.test(face) ? '' : face))
      .replace(new RegExp(elsewhere, 'g'), 'none')
  return {
    name: 'no-foreign-requests',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = keepInside(String(file.source))
      }
    },
  }
}

/**
 * In the mini-program the framework puts every library into the package that everybody loads first. The chart library is large
 * and drawn with on one page of the staff: it goes into the sub-package of that page.
 */
function chartsWithTheirPage(): Plugin {
  return {
    name: 'charts-with-their-page',
    enforce: 'post',
    outputOptions(options) {
      const usual = options.manualChunks
      if (process.env.UNI_PLATFORM !== 'mp-weixin' || typeof usual !== 'function') return null
      return { ...options, manualChunks: (id, about) => (/node_modules\/(?:echarts|zrender)\//.test(id) ? 'watch/echarts' : usual(id, about)) }
    },
  }
}

/** What a screen reader is told is `role` on the web and `aria-role` in WeChat; pages are written for the web. */
function rolesForWechat(): Plugin {
  return {
    name: 'roles-for-wechat',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'asset' && file.fileName.endsWith('.wxml')) file.source = String(file.source).replace(/ role="/g, ' aria-role="')
      }
    },
  }
}

export default defineConfig({
  base: './',
  plugins: [uni(), noForeignRequests(), chartsWithTheirPage(), rolesForWechat()],
  resolve: { alias: { '@': path('./src') } },
  build: { target: 'es2018', cssTarget: 'chrome61' },
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.LINLI_SERVER ?? 'http://127.0.0.1:8080', changeOrigin: true, ws: true } },
  },
})
