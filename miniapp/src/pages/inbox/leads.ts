import type { Notice } from '@/api/types'
import type { MainKey } from '@/i18n'
import type { PageName } from '@/navigation'

/** Where a message leads, and what that is called. */
export interface Lead {
  page: PageName
  query?: { id: string }
  words: MainKey
}

/** To its booking; what staff say of a provider's file and papers leads there. Most only tell something. */
export function leadOf({ order_id, topic }: Pick<Notice, 'order_id' | 'topic'>): Lead | undefined {
  if (topic.startsWith('worker.paper_')) return { page: 'workPapers', words: 'inbox.open.papers' }
  if (topic.startsWith('worker.')) return { page: 'workFile', words: 'inbox.open.file' }
  return order_id === undefined ? undefined : { page: 'order', query: { id: order_id }, words: 'inbox.open' }
}
