import { vi } from 'vitest'

// What the platform gives a page, as little of it as the logic needs.
const storage = new Map<string, unknown>()

vi.stubGlobal('uni', {
  getStorageSync: (key: string) => storage.get(key) ?? '',
  setStorageSync: (key: string, value: unknown) => void storage.set(key, value),
  removeStorageSync: (key: string) => void storage.delete(key),
  getSystemInfoSync: () => ({ language: 'zh-CN' }),
  request: vi.fn(),
  reLaunch: vi.fn(),
  navigateTo: vi.fn(),
  redirectTo: vi.fn(),
  switchTab: vi.fn(),
  pageScrollTo: vi.fn(),
})
vi.stubGlobal('getCurrentPages', () => [])
vi.mock('@dcloudio/uni-app', () => ({ onLoad: vi.fn(), onShow: vi.fn(), onHide: vi.fn(), onUnload: vi.fn(), onLaunch: vi.fn(), onShareAppMessage: vi.fn(), onShareTimeline: vi.fn() }))
