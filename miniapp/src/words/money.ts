import type { Language } from '@/i18n'

/** Fen as people say them: ¥12.50, ¥1,234.00; nothing to pay is 免费 / Free. */
export function moneyWord(fen: number, language: Language): string {
  if (fen === 0) return language === 'zh' ? '免费' : 'Free'
  const yuan = Math.floor(Math.abs(fen) / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  return `${fen < 0 ? '-' : ''}¥${yuan}.${String(Math.abs(fen) % 100).padStart(2, '0')}`
}

/** 138****0001: enough to recognise one's own number, not enough to call it. */
export function maskedPhone(phone: string): string {
  return phone.length === 11 ? `${phone.slice(0, 3)}****${phone.slice(7)}` : phone
}

/** 138 0013 8000, as numbers are read aloud. */
export function spacedPhone(phone: string): string {
  return /^1\d{10}$/.test(phone) ? `${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}` : phone
}
