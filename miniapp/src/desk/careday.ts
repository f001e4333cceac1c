import type { CareItem } from '@/api/staff'

/** Where a person of the day care is: not here yet, here, gone home, or marked as missing. */
export type CareState = 'expected' | 'here' | 'gone' | 'missing'

export function careOf(item: Pick<CareItem, 'state' | 'came_at' | 'left_at'>): CareState {
  if (item.state === 'no_show') return 'missing'
  if (item.left_at !== undefined) return 'gone'
  if (item.came_at !== undefined) return 'here'
  return item.state === 'fulfilled' || item.state === 'closed' ? 'gone' : 'expected'
}

/** How many are where, in the order in which a day goes. */
export function careCounts(items: readonly CareItem[]): { key: CareState; count: number }[] {
  return (['expected', 'here', 'gone', 'missing'] as const).map((key) => ({ key, count: items.filter((item) => careOf(item) === key).length }))
}
