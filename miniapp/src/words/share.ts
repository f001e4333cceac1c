import { address, type PageName } from '@/navigation'

type Query = Record<string, string | undefined>

/** What a friend or a group sees: the page it opens, and what it is in words. */
export function sharedCard(title: string, page: PageName, query: Query = {}) {
  return { title, path: address(page, query) }
}

/** The same for the person's own timeline, where the page is always the one that is shared. */
export function sharedLine(title: string, page: PageName, query: Query = {}) {
  return { title, query: address(page, query).split('?')[1] ?? '' }
}
