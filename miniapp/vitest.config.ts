import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const platformTags = ['view', 'text', 'image', 'scroll-view', 'swiper', 'swiper-item', 'block', 'picker', 'rich-text', 'page-meta']

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => platformTags.includes(tag) || tag.startsWith('wd-') } } })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'], setupFiles: ['tests/setup.ts'] },
})
