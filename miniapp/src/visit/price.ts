import type { PriceForm } from '@/api/types'
import { t } from '@/i18n'
import { money } from '@/words/say'

/** What it is likely to cost: for the visit, for each hour, or for coming to look. */
export function priceWords({ price_form, price_fen }: { price_form: PriceForm; price_fen: number }): string {
  if (price_form === 'free') return t('money.free')
  if (price_form === 'hourly') return t('visit.price.about', { amount: money(price_fen) })
  if (price_form === 'quote') return t('visit.price.quote', { amount: money(price_fen) })
  return money(price_fen)
}

/** How that comes about, and how it is paid. */
export const payWords = (form: PriceForm): string => (form === 'free' ? '' : t(`visit.pay.${form}`))
