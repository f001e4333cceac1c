import type { Earnings } from '@/api/provider'
import { language } from '@/i18n'
import { moneyWord } from '@/words/money'

// What was earned in words.

/** A sum that was earned: nothing is ¥0.00, not free. */
export const amount = (fen: number): string => (fen === 0 ? '¥0.00' : moneyWord(fen, language.value))

/** What an hour at work came to, in fen, ways included; nothing while there is less than half an hour of it. */
export const perHour = ({ total_fen, minutes_active }: Pick<Earnings, 'total_fen' | 'minutes_active'>): number | undefined =>
  minutes_active < 30 || total_fen <= 0 ? undefined : Math.round((total_fen * 60) / minutes_active)
