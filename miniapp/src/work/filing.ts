import type { TravelBy, WorkerFile, WorkerFileIn, WorkerGender } from '@/api/provider'
import type { Kind, Words } from '@/api/types'
import { hasPlace, missingOf, type PlaceChoice } from '@/components/place'
import type { TextKey } from '@/i18n'
import { readCount, readMoney, writeMoney } from '@/words/plan'
import { hoursOf, rowsOf, wrongRow, type HoursRow } from './hours'

// A file as somebody who comes to the door, one question after the other; each answer is saved by itself.

export type StepKey = 'who' | 'services' | 'prices' | 'home' | 'areas' | 'travel' | 'hours' | 'about' | 'papers' | 'check'

/** A service that is offered, with a price of one's own as it is typed; empty is the usual one. */
export interface Chosen {
  kind: string
  price: string
  skills: string[]
}

/** Everything that is asked, as it stands in the fields. */
export interface Form {
  name: string
  gender: WorkerGender
  alone: boolean
  employer?: { id: string; name: Words }
  services: Chosen[]
  place?: PlaceChoice
  everywhere: boolean
  areas: string[]
  travel: TravelBy
  rows: HoursRow[]
  languages: string[]
  about: string
  most: string
}

/** What each question asks for: only that is kept as a draft of it. */
const FIELDS: Record<StepKey, readonly (keyof Form)[]> = {
  who: ['name', 'gender', 'alone', 'employer'],
  services: ['services'],
  prices: ['services'],
  home: ['place'],
  areas: ['everywhere', 'areas'],
  travel: ['travel'],
  hours: ['rows'],
  about: ['languages', 'about', 'most'],
  papers: [],
  check: [],
}

/** The server's names of what is missing, by the question that asks for it. */
const ASKS: Record<string, StepKey> = { person: 'who', home: 'home', hours: 'hours', services: 'services', documents: 'papers' }

/** The most jobs one may take at once, as the server has it. */
const MOST = 20

/** Whether staff have yet to look at who it is: afterwards that stays as they saw it. */
export const isOpen = (state: WorkerFile['state']): boolean => state === 'draft' || state === 'submitted' || state === 'refused'

/** Whether it waits for its owner to hand it in. */
export const isMine = (state: WorkerFile['state']): boolean => state === 'draft' || state === 'refused'

/** The fields as the file has them. */
export function formOf(file: WorkerFile): Form {
  return {
    name: file.name,
    gender: file.gender,
    alone: file.organisation === undefined,
    employer: file.organisation,
    services: file.services.map(({ kind, price_fen, skills }) => ({ kind, price: price_fen === undefined ? '' : writeMoney(price_fen), skills })),
    place: file.home && { text: file.home.text, detail: '', point: file.home.point },
    everywhere: file.areas.length === 0,
    areas: file.areas,
    travel: file.travel,
    rows: rowsOf(file.hours),
    languages: file.languages,
    about: file.about,
    most: String(file.max_open),
  }
}

/** What of the fields is a draft of that question. */
export function draftOf(step: StepKey, form: Form): string {
  return JSON.stringify(Object.fromEntries(FIELDS[step].map((field) => [field, form[field]])))
}

/** The fields with a draft of that question put over them; one that cannot be read is none. */
export function withDraft(form: Form, step: StepKey, draft: string | undefined): Form {
  if (!draft) return form
  try {
    const kept = JSON.parse(draft) as Partial<Form>
    const known = FIELDS[step].filter((field) => field in kept).map((field) => [field, kept[field]])
    return { ...form, ...(Object.fromEntries(known) as Partial<Form>) }
  } catch {
    return form
  }
}

type Kinds = ReadonlyMap<string, Kind>

/** Services whose price or skills one may say something about. */
export const priced = (form: Pick<Form, 'services'>, kinds: Kinds): Chosen[] =>
  form.services.filter(({ kind }) => {
    const terms = kinds.get(kind)?.visit
    return terms !== undefined && (terms.price_form !== 'free' || terms.skills.length > 0)
  })

/** The questions, in order. */
export function stepsOf(form: Pick<Form, 'services'>, kinds: Kinds, state: WorkerFile['state']): StepKey[] {
  const steps: StepKey[] = []
  if (isOpen(state)) steps.push('who')
  steps.push('services')
  if (priced(form, kinds).length > 0) steps.push('prices')
  steps.push('home', 'areas', 'travel', 'hours', 'about', 'papers')
  return isMine(state) ? [...steps, 'check'] : steps
}

/** The kinds one can offer: whoever works alone is found by offers, and those an organisation sends come its ways too. */
export function kindsFor(alone: boolean, kinds: readonly Kind[], chosen: readonly Chosen[]): Kind[] {
  return kinds.filter(({ key, visit }) => {
    if (!visit) return false
    const offered = visit.ways.some((way) => way === 'ranked' || way === 'board' || way === 'batch')
    return offered || !alone || chosen.some((one) => one.kind === key)
  })
}

/** What is missing, by the question that asks for it. */
export function missingBy(file: Pick<WorkerFile, 'missing'>): Map<StepKey, Words[]> {
  const found = new Map<StepKey, Words[]>()
  for (const { step, words } of file.missing) {
    const key = ASKS[step] ?? 'check'
    found.set(key, [...(found.get(key) ?? []), words])
  }
  return found
}

/** Where to go on: where one left off, or at the first thing that is missing, or where it is handed in. */
export function continueAt(file: Pick<WorkerFile, 'missing' | 'version'>, steps: readonly StepKey[], left: string | undefined): StepKey {
  if (file.version === 0) return steps[0] ?? 'check'
  const kept = steps.find((step) => step === left)
  if (kept) return kept
  const missing = missingBy(file)
  return steps.find((step) => missing.has(step)) ?? 'check'
}

/** What is wrong at a question, field by field; nothing when it can be saved. */
export function wrongAt(step: StepKey, form: Form): Record<string, TextKey> {
  const wrong: Record<string, TextKey> = {}
  if (step === 'who') {
    if (form.name.trim() === '') wrong.name = 'form.required'
    if (!form.alone && !form.employer) wrong.employer = 'apply.employer.first'
  }
  if (step === 'services' && form.services.length === 0) wrong.services = 'apply.services.first'
  if (step === 'prices') {
    for (const { kind, price } of form.services) if (price.trim() !== '' && readMoney(price) === undefined) wrong[kind] = 'plan.wrong.price'
  }
  if (step === 'home' && !hasPlace(form.place)) wrong.home = `place.first.${missingOf(form.place) ?? 'all'}`
  if (step === 'areas' && !form.everywhere && form.areas.length === 0) wrong.areas = 'apply.areas.first'
  if (step === 'hours') {
    if (form.rows.length === 0) wrong.hours = 'apply.hours.first'
    form.rows.forEach((_row, index) => {
      const found = wrongRow(form.rows, index)
      if (found) wrong[`${index}.${found.field}`] = found.words
    })
  }
  if (step === 'about') {
    const most = readCount(form.most)
    if (most === undefined || most < 1 || most > MOST) wrong.most = 'apply.most.wrong'
  }
  return wrong
}

/** What a question saves; nothing where others do. */
export function partOf(step: StepKey, form: Form, area?: string): WorkerFileIn | undefined {
  switch (step) {
    case 'who':
      return { name: form.name.trim(), gender: form.gender, ...(form.alone || !form.employer ? { independent: true } : { organisation_id: form.employer.id }) }
    case 'services':
    case 'prices':
      return { services: form.services.map(({ kind, price, skills }) => ({ kind, price_fen: readMoney(price), skills })) }
    case 'home':
      return form.place?.point && { home: { text: form.place.text.trim(), point: form.place.point, area_code: area } }
    case 'areas':
      return { areas: form.everywhere ? [] : form.areas }
    case 'travel':
      return { travel: form.travel }
    case 'hours':
      return { hours: hoursOf(form.rows) }
    case 'about':
      return { languages: form.languages, about: form.about.trim(), max_open: readCount(form.most) }
    default:
      return undefined
  }
}

/** The street a community belongs to: the first nine digits are the street's. */
export const streetOf = (community: string): string => `${community.slice(0, 9)}000`
