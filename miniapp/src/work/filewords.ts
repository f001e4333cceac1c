import { learn } from '@/i18n'
import { apply as en } from '@/i18n/en/apply'
import { apply as zh } from '@/i18n/zh/apply'

// The words of these pages come with them: a resident's first page does without.
learn({ zh, en })
