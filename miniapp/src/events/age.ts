import { t } from '@/i18n'

/** 6–12 岁, 60 岁以上, 17 岁以下. */
export function ageWords(age: { min?: number; max?: number }): string {
  if (age.min !== undefined && age.max !== undefined) return t('deskevents.age.between', { min: age.min, max: age.max })
  if (age.min !== undefined) return t('deskevents.age.least', { min: age.min })
  return age.max === undefined ? '' : t('deskevents.age.most', { max: age.max })
}
