import { learn } from '.'
import { watchEn as en } from './en/watch'
import { watchZh as zh } from './zh/watch'

// The words of these pages come with them: a resident's first page does without.
learn({ zh, en })
