import type { AbilityScale, AssessmentIn, CareEventKey } from '@/api/types'

// The form of the ability assessment: points of 26 items, what is found besides, and who assessed.

export const EVENTS = ['fall', 'choking', 'lost', 'self_harm', 'suicide'] as const satisfies readonly CareEventKey[]
export interface EventRow {
  kind: CareEventKey
  day: string
}
export interface AssessForm {
  day: string
  place: string
  first: string
  first_paper: string
  second: string
  second_paper: string
  coma: boolean
  dementia: boolean
  disorder: boolean
  points: Record<string, number>
  events: EventRow[]
}

export const itemsOf = (scale: AbilityScale) => scale.domains.flatMap(({ items }) => items)
/** The items that have no points yet, in the order of the form. */
export const unscored = (scale: AbilityScale, points: Record<string, number>) => itemsOf(scale).filter(({ key }) => points[key] === undefined)
export const sumOf = (scale: AbilityScale, points: Record<string, number>): number => itemsOf(scale).reduce((sum, { key }) => sum + (points[key] ?? 0), 0)
/** 0 to the most points. */
export const levels = (max: number): string[] => Array.from({ length: max + 1 }, (_, points) => String(points))

/** What is sent: `day` and the days of events as the server writes them. In a coma nothing is scored. */
export function assessmentOf(scale: AbilityScale, form: AssessForm, day: string, events: AssessmentIn['events']): AssessmentIn {
  const scores = form.coma ? [] : itemsOf(scale).map(({ key }) => ({ item: key, points: form.points[key] ?? 0 }))
  return {
    assessed_on: day,
    place: form.place.trim(),
    assessors: [
      { name: form.first.trim(), certificate: form.first_paper.trim() },
      { name: form.second.trim(), certificate: form.second_paper.trim() },
    ],
    scores,
    score: form.coma ? undefined : sumOf(scale, form.points),
    coma: form.coma,
    dementia: form.dementia,
    disorder: form.disorder,
    events,
  }
}
