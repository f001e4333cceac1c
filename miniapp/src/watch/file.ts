import type { WorkerDecision, WorkerFile } from '@/api/staff'
import { readDay } from '@/words/date'

// What staff say to a provider's file: to each paper and each service, then to the whole.

/** What is said to a paper or a service; nothing as long as nobody has looked. */
export interface Mark {
  verify?: boolean
  reason: string
  /** The last day a paper holds, where it was written down wrongly. */
  until: string
}
export type Marks = Record<string, Mark>

export const paperKey = (id: string) => `paper/${id}`
export const serviceKey = (kind: string) => `service/${kind}`
export const untouched = (): Mark => ({ reason: '', until: '' })

/** Papers and services that wait for somebody to look. */
export function waiting(file: Pick<WorkerFile, 'documents' | 'services'>): string[] {
  return [
    ...file.documents.filter((one) => one.state === 'asked').map((one) => paperKey(one.id)),
    ...file.services.filter((one) => one.state === 'asked').map((one) => serviceKey(one.kind)),
  ]
}

/** Those of them nothing was said to yet. */
export const unseen = (file: Pick<WorkerFile, 'documents' | 'services'>, marks: Marks): string[] => waiting(file).filter((key) => marks[key]?.verify === undefined)

/** What is wrong with a mark: a no without a reason, a day that is none. */
export function wrongOf(mark: Mark | undefined): 'reason' | 'until' | undefined {
  if (mark?.verify === false && mark.reason.trim() === '') return 'reason'
  return mark?.verify === true && mark.until.trim() !== '' && readDay(mark.until) === undefined ? 'until' : undefined
}

/** What is sent: a no to the whole has a reason, and what nobody touched stays as it is. */
export function decisionOf(file: Pick<WorkerFile, 'documents' | 'services' | 'version'>, marks: Marks, verify: boolean, reason = ''): WorkerDecision {
  const said = (key: string) => {
    const mark = marks[key]
    return mark?.verify === undefined ? undefined : { verify: mark.verify, ...(!mark.verify && { reason: mark.reason.trim() }) }
  }
  const documents = file.documents.flatMap(({ id }) => {
    const mark = said(paperKey(id))
    const until = readDay(marks[paperKey(id)]?.until ?? '')
    return mark ? [{ id, ...mark, ...(mark.verify && until && { valid_until: until }) }] : []
  })
  const services = file.services.flatMap(({ kind }) => {
    const mark = said(serviceKey(kind))
    return mark ? [{ kind, ...mark }] : []
  })
  return { verify, version: file.version, documents, services, ...(!verify && { reason: reason.trim() }) }
}

/** What can be done about the whole file. Only what was handed in can be sent back; for the rest there is a stop for the time being. */
export function fileActs(file: Pick<WorkerFile, 'state' | 'documents' | 'services'>): ('verify' | 'send_back' | 'suspend' | 'resume')[] {
  if (file.state === 'submitted') return ['verify', 'send_back']
  if (file.state === 'suspended') return ['resume']
  if (file.state !== 'verified') return []
  return waiting(file).length > 0 ? ['verify', 'suspend'] : ['suspend']
}

/** How a paper's last day looks: run out, within the month in which it is warned of, or far off. */
export const holds = (daysLeft: number | undefined): 'stop' | 'soon' | 'quiet' => (daysLeft === undefined || daysLeft > 30 ? 'quiet' : daysLeft < 0 ? 'stop' : 'soon')

/** The id of a picture from where it is got. */
export const pictureOf = (address: string): string => address.split('/').pop() ?? ''
