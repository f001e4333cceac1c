import type { Left, Share, Words } from '@/api/types'
import { language, t } from '@/i18n'
import * as date from './date'
import { moneyWord } from './money'

// The words of the other files in the language now spoken, for templates.

/** What the server says in both languages, in the one now spoken. */
export const say = (words: Words | undefined): string => words?.[language.value] ?? ''
/** The same where it stands by itself: what is in the middle of a sentence elsewhere begins with a capital here. */
export const sayAlone = (words: Words | undefined): string => say(words).replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())

export const money = (fen: number): string => moneyWord(fen, language.value)
export const when = (at: string, now: number): string => date.whenWord(date.momentOf(at), now, language.value)
export const span = (from: string, to: string, now: number): string => date.spanWord(date.momentOf(from), date.momentOf(to), now, language.value)
export const clock = (at: string): string => date.clockWord(date.minuteOf(date.momentOf(at)), language.value)
export const day = (value: string, now: number): string => date.dayWord(value, date.dayOf(now), language.value)
export const left = (until: string, now: number): string => date.leftWord(date.momentOf(until) - now, language.value)

/** Minutes as people say them: 1小时30分. */
export const length = (minutes: number): string => date.lengthWord(minutes, language.value)
/** A day with its year only where it is not this year's: 11月24日. */
export const shortDay = (value: string, now: number): string => date.dateWord(value, date.dayOf(now), language.value)
/** 11月24日至12月20日, 11月23日至29日; one day alone when there is no other. */
export function dayRange(from: string, to: string | undefined, now: number): string {
  if (to === undefined || to === from) return shortDay(from, now)
  return t('fact.days', date.rangeWords(from, to, date.dayOf(now), language.value))
}
/** How far away: 300 米, 1.2 公里. */
export const distance = (metres: number): string =>
  metres < 950 ? t('fact.metres', { count: Math.max(10, Math.round(metres / 10) * 10) }) : t('fact.kilometres', { count: (metres / 1_000).toFixed(1) })

/** The mean of ratings: 4.8, also 5.0. */
export const mean = (value: number): string => value.toFixed(1)
/** 4.8 of so many ratings, or that there are none yet. */
export const ratingWords = (rating: { mean: number; count: number } | undefined): string =>
  rating ? t('visit.rating', { mean: mean(rating.mean), count: rating.count }) : t('visit.rating.none')

/** For whom by age: 60岁以上, 6至12岁; nothing when for everybody. */
export function ageWords(age: { min?: number; max?: number } | undefined): string {
  if (age?.min !== undefined && age.max !== undefined) return t('fact.age.between', { min: age.min, max: age.max })
  if (age?.min !== undefined) return t('fact.age.from', { min: age.min })
  return age?.max !== undefined ? t('fact.age.to', { max: age.max }) : ''
}

/** Who pays what; nothing to say where nothing is paid. */
export const paidShares = (order: { shares: Share[] }): Share[] => order.shares.filter((share) => share.amount_fen !== 0)

/** The same in the middle of a sentence. */
export const whenInside = (at: string, now: number): string => when(at, now).replace(/^(Today|Tomorrow)/, (word) => word.toLowerCase())

/** Until when a booking can be undone, or that it no longer can; `ahead`: before it is made, for which that is a warning. */
export function undoWords(until: string, now: number, ahead = false): string {
  if (date.momentOf(until) > now) return t('fact.undo.until', { when: whenInside(until, now) })
  return ahead ? t('fact.undo.never') : t('fact.undo.past')
}

/** A time of the day as the list of times writes it: 9:30, without the part of the day its group already names. */
export const shortClock = (at: string): string => date.clockWord(date.minuteOf(date.momentOf(at)), 'en').replace(/ [ap]m$/, '')

/** The tone of a word about how much is left. */
export function leftTone(left: Left): 'done' | 'soon' | 'quiet' {
  if (left === 'many') return 'done'
  return left === 'few' || left === 'line' ? 'soon' : 'quiet'
}

/** 余 12 · 紧张 余 2 · 已满 可候补 … */
export function leftWords(item: { left: Left; free: number; waiting: number }): string {
  switch (item.left) {
    case 'many':
      return t('left.many', { free: item.free })
    case 'few':
      return t('left.few', { free: item.free })
    case 'line':
      return item.waiting > 0 ? t('left.line.waiting', { waiting: item.waiting }) : t('left.line')
    default:
      return t(`left.${item.left}`)
  }
}
