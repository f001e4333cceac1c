import { api, serverNow } from '@/api'
import { deskVisits } from '@/api/watch'
import type { Words } from '@/api/types'
import type { PageName } from '@/navigation'
import { dayOf, momentOf } from '@/words/date'

// What may be looked for beside the pages: people by their numbers, orders by theirs.

const bare = (typed: string) => typed.replace(/\s/g, '').toUpperCase()

/** A phone number or the number of an identity card; nothing where it can be neither. */
export function personQuery(typed: string): { phone: string } | { identity: string } | undefined {
  const wanted = bare(typed)
  if (/^\d{17}[\dX]$/.test(wanted)) return { identity: wanted }
  return /^\+?\d{7,13}$/.test(wanted) ? { phone: wanted } : undefined
}

/** Whether it can be the number of an order or a code to check in with: letters and digits, and not words. */
export const isOrderNumber = (typed: string): boolean => /^(?=.*\d)[0-9A-Z-]{4,12}$/.test(bare(typed))

export interface FoundOrder {
  page: PageName
  query: Record<string, string>
  kind: Words | undefined
  who: string
  number: string
}

/** Bookings of today by their code, and visits by their number. */
export async function findOrders(typed: string, visits: boolean): Promise<FoundOrder[]> {
  const wanted = bare(typed)
  const day = dayOf(serverNow())
  const booked = /^\d{4,8}$/.test(wanted) ? (await api.get('/desk/bookings', { query: { code: wanted, day } })).items : []
  const lists = visits ? await Promise.all((['open', 'underway', 'done'] as const).map((scope) => deskVisits.list(scope, undefined))) : []
  return [
    ...booked.map((one) => ({ page: 'desk' as const, query: { offering: one.offering?.id ?? '', day: dayOf(momentOf(one.start)), id: one.id }, kind: one.offering?.kind_name, who: one.subject.name, number: one.check_in_code })),
    ...lists
      .flatMap(({ items }) => items)
      .filter(({ job }) => bare(job.number) === wanted)
      .map(({ job }) => ({ page: 'watchVisit' as const, query: { id: job.order_id }, kind: job.kind_name, who: job.resident, number: job.number })),
  ]
}
