import type { SessionIn } from '@/api/staff'
import { instantText, readCount, readMoney } from '@/words/plan'
import { readClock, readDay, readTime } from '@/words/date'

// An event being planned: what is typed, step by step, and what of it the server is told.

export const steps = ['what', 'when', 'who', 'seats', 'words'] as const
export type Step = (typeof steps)[number]

export interface DateTyped {
  day: string
  from: string
  to: string
  topic: string
}

/** Everything typed, as it is typed. */
export interface EventTyped {
  offering: string
  form: 'event' | 'term' | 'group'
  weekly: boolean
  dates: DateTyped[]
  weekdays: number[]
  from: string
  to: string
  firstDay: string
  ends: 'count' | 'day'
  count: string
  lastDay: string
  skipHolidays: boolean
  unit: string
  ageFrom: string
  ageTo: string
  residentsOf: string
  seats: string
  price: string
  closesDay: string
  titleZh: string
  titleEn: string
  aboutZh: string
  aboutEn: string
}

export function emptyEvent(offering = ''): EventTyped {
  return {
    offering,
    form: 'event',
    weekly: false,
    dates: [{ day: '', from: '', to: '', topic: '' }],
    weekdays: [],
    from: '',
    to: '',
    firstDay: '',
    ends: 'count',
    count: '8',
    lastDay: '',
    skipHolidays: true,
    unit: '',
    ageFrom: '',
    ageTo: '',
    residentsOf: '',
    seats: '',
    price: '',
    closesDay: '',
    titleZh: '',
    titleEn: '',
    aboutZh: '',
    aboutEn: '',
  }
}

/** Why a field needs another look; each name has a text of its own. */
export type Wrong = 'required' | 'day' | 'time' | 'order' | 'weekdays' | 'count' | 'age' | 'seats' | 'price'
export type Wrongs = Record<string, Wrong>

function span(from: string, to: string, at: string): Wrongs {
  const [start, end] = [readTime(from), readTime(to)]
  if (!start) return { [`${at}from`]: 'time' }
  if (!end) return { [`${at}to`]: 'time' }
  return readClock(end) <= readClock(start) ? { [`${at}to`]: 'order' } : {}
}

function whenWrongs(typed: EventTyped): Wrongs {
  if (!typed.weekly) {
    return Object.assign(
      {},
      ...typed.dates.map((date, index): Wrongs => ({
        ...(readDay(date.day) ? {} : { [`dates.${index}.day`]: 'day' as const }),
        ...span(date.from, date.to, `dates.${index}.`),
      })),
    ) as Wrongs
  }
  const count = readCount(typed.count)
  return {
    ...(typed.weekdays.length === 0 ? { weekdays: 'weekdays' as const } : {}),
    ...(readDay(typed.firstDay) ? {} : { firstDay: 'day' as const }),
    ...span(typed.from, typed.to, ''),
    ...(typed.ends === 'count' && (count === undefined || count < 1 || count > 200) ? { count: 'count' as const } : {}),
    ...(typed.ends === 'day' && !readDay(typed.lastDay) ? { lastDay: 'day' as const } : {}),
  }
}

const optional = (value: string, good: boolean, wrong: Wrong, field: string): Wrongs => (value.trim() === '' || good ? {} : { [field]: wrong })

/** What of a step needs another look, by field; nothing when one can go on. */
export function wrongsOf(typed: EventTyped, step: Step): Wrongs {
  switch (step) {
    case 'what':
      return typed.offering === '' ? { offering: 'required' } : {}
    case 'when':
      return whenWrongs(typed)
    case 'who': {
      const [from, to] = [readCount(typed.ageFrom), readCount(typed.ageTo)]
      const order: Wrongs = from !== undefined && to !== undefined && to < from ? { ageTo: 'age' } : {}
      return { ...optional(typed.ageFrom, from !== undefined, 'age', 'ageFrom'), ...optional(typed.ageTo, to !== undefined, 'age', 'ageTo'), ...order }
    }
    case 'seats': {
      const seats = readCount(typed.seats)
      return {
        ...(seats === undefined || seats < 1 ? { seats: 'seats' as const } : {}),
        ...optional(typed.price, readMoney(typed.price) !== undefined, 'price', 'price'),
        ...optional(typed.closesDay, readDay(typed.closesDay) !== undefined, 'day', 'closesDay'),
      }
    }
    case 'words':
      return { ...(typed.titleZh.trim() === '' ? { titleZh: 'required' as const } : {}), ...(typed.aboutZh.trim() === '' ? { aboutZh: 'required' as const } : {}) }
  }
}

const words = (zh: string, en: string) => ({ zh: zh.trim(), en: en.trim() || zh.trim() })

/** What the server is told. Times are of the district; what is not typed is left to the offering's own rules. */
export function sessionOf(typed: EventTyped, draft: boolean): SessionIn {
  const [ageFrom, ageTo] = [readCount(typed.ageFrom), readCount(typed.ageTo)]
  const closes = readDay(typed.closesDay)
  const unit = typed.unit || undefined
  const dates = typed.weekly
    ? {
        pattern: {
          weekdays: typed.weekdays,
          from: readTime(typed.from) ?? '',
          to: readTime(typed.to) ?? '',
          first_day: readDay(typed.firstDay) ?? '',
          ...(typed.ends === 'count' ? { count: readCount(typed.count) } : { last_day: readDay(typed.lastDay) }),
          skip_holidays: typed.skipHolidays,
          unit_id: unit,
        },
      }
    : {
        meetings: typed.dates.map((date) => ({
          start: instantText(readDay(date.day) ?? '', readTime(date.from) ?? ''),
          end: instantText(readDay(date.day) ?? '', readTime(date.to) ?? ''),
          topic: date.topic.trim() === '' ? undefined : words(date.topic, ''),
          unit_id: unit,
        })),
      }
  return {
    offering_id: typed.offering,
    form: typed.form,
    title: words(typed.titleZh, typed.titleEn),
    about: words(typed.aboutZh, typed.aboutEn),
    seats: readCount(typed.seats) ?? 1,
    age: ageFrom === undefined && ageTo === undefined ? undefined : { min: ageFrom, max: ageTo },
    residents_of: typed.residentsOf || undefined,
    price_fen: readMoney(typed.price),
    closes_at: closes && instantText(closes, '23:59'),
    draft,
    ...dates,
  }
}

/** The fields of the server's refusal as those of the form; a field of the dates is shown in the second step. */
export const stepOfField: Record<string, Step> = {
  offering_id: 'what',
  form: 'what',
  pattern: 'when',
  meetings: 'when',
  age: 'who',
  residents_of: 'who',
  seats: 'seats',
  price_fen: 'seats',
  closes_at: 'seats',
  title: 'words',
  about: 'words',
}
