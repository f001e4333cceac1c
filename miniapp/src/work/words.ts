import { learn } from '@/i18n'
import { workday as en } from '@/i18n/en/workday'
import { workday as zh } from '@/i18n/zh/workday'

// The words of these pages come with them: a resident's first page does without.
learn({ zh, en })
