import type { RuleChanges, Rules } from '@/api/staff'
import { readTime } from '@/words/date'
import { readCount, readMoney, writeMoney } from '@/words/plan'

// The rules of an offering as a form: every rule that fits its shape, with its limits, read and written.

export type RuleForm = Record<string, string>
export type Bounds = Partial<Record<string, { min: number; max: number }>>
type Sort = 'count' | 'money' | 'time' | 'yes'
type Shape = string
type RuleKey = Exclude<keyof Rules, 'cancel_until' | 'close_after_days' | 'line'>

interface RuleField {
  key: RuleKey
  sort: Sort
  shapes: readonly Shape[]
}

const all = ['slot', 'session', 'resource'] as const

/** What can be changed, in the order in which one thinks of it; the places of a room or an event are set elsewhere. */
export const ruleFields: readonly RuleField[] = [
  { key: 'price_fen', sort: 'money', shapes: all },
  { key: 'capacity', sort: 'count', shapes: ['slot'] },
  { key: 'slot_minutes', sort: 'count', shapes: ['slot', 'resource'] },
  { key: 'min_minutes', sort: 'count', shapes: ['resource'] },
  { key: 'max_minutes', sort: 'count', shapes: ['resource'] },
  { key: 'gap_minutes', sort: 'count', shapes: ['resource'] },
  { key: 'opens_days_before', sort: 'count', shapes: all },
  { key: 'opens_at', sort: 'time', shapes: all },
  { key: 'closes_minutes_before', sort: 'count', shapes: all },
  { key: 'hold_minutes', sort: 'count', shapes: ['slot', 'session'] },
  { key: 'max_line', sort: 'count', shapes: ['slot', 'session'] },
  { key: 'check_in_minutes_before', sort: 'count', shapes: ['slot', 'resource'] },
  { key: 'late_minutes', sort: 'count', shapes: ['slot'] },
  { key: 'release_minutes', sort: 'count', shapes: ['resource'] },
  { key: 'revisit_days', sort: 'count', shapes: ['slot'] },
  { key: 'revisit_price_fen', sort: 'money', shapes: ['slot'] },
  { key: 'approval', sort: 'yes', shapes: ['slot', 'session', 'resource'] },
]

export function fieldsOf(shape: Shape): readonly RuleField[] {
  return ruleFields.filter((field) => field.shapes.includes(shape))
}

function written(value: unknown, sort: Sort): string {
  if (value === undefined || value === null) return ''
  if (sort === 'money') return writeMoney(Number(value))
  return String(value)
}

/** The rules in force, as they are typed. */
export function formOf(rules: Partial<Rules>, shape: Shape): RuleForm {
  return Object.fromEntries(fieldsOf(shape).map(({ key, sort }) => [key, written(rules[key], sort)]))
}

function read(typed: string, sort: Sort): number | string | boolean | undefined {
  switch (sort) {
    case 'count':
      return readCount(typed)
    case 'money':
      return readMoney(typed)
    case 'time':
      return readTime(typed)
    case 'yes':
      return typed === 'true'
  }
}

/** Why a rule needs another look: it cannot be read, or lies outside its limits. */
export type RuleWrong = 'unreadable' | 'outside'

/** What was changed, and what of it cannot be: only what differs is sent, so that a rule nobody touched stays as it is. */
export function changesOf(form: RuleForm, rules: Partial<Rules>, bounds: Bounds, shape: Shape): { changes: RuleChanges; wrong: Record<string, RuleWrong> } {
  const changes: Record<string, number | string | boolean> = {}
  const wrong: Record<string, RuleWrong> = {}
  for (const { key, sort } of fieldsOf(shape)) {
    const typed = form[key] ?? ''
    if (typed === written(rules[key], sort)) continue
    const value = read(typed, sort)
    const bound = bounds[key]
    if (value === undefined) wrong[key] = 'unreadable'
    else if (bound && typeof value === 'number' && (value < bound.min || value > bound.max)) wrong[key] = 'outside'
    else if (value !== rules[key]) changes[key] = value
  }
  return { changes: changes as RuleChanges, wrong }
}

/** The version in force on a day; the one to come is announced, the old ones are history. */
export function versionOn<V extends { valid_from: string; valid_until?: string }>(versions: readonly V[], day: string): V | undefined {
  const begun = versions.filter((version) => version.valid_from.slice(0, 10) <= day)
  return [...begun].sort((a, b) => (a.valid_from < b.valid_from ? 1 : -1))[0] ?? versions[0]
}
