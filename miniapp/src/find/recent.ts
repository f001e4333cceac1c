const KEY = 'linli.searches'
/** As many as are seen without scrolling. */
const MOST = 8

/** What was searched for on this device, the newest first. It stays here. */
export function recentSearches(): string[] {
  const kept: unknown = uni.getStorageSync(KEY)
  return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === 'string').slice(0, MOST) : []
}

/** Remembers what led somewhere; half-typed words do not. */
export function rememberSearch(typed: string): string[] {
  const words = typed.trim()
  if (words === '') return recentSearches()
  const next = [words, ...recentSearches().filter((one) => one !== words)].slice(0, MOST)
  uni.setStorageSync(KEY, next)
  return next
}

/** Forgets them all. */
export function forgetSearches(): void {
  uni.removeStorageSync(KEY)
}
