import { learn } from '.'
import { frameEn as en } from './en/frame'
import { frameZh as zh } from './zh/frame'

// The words of the frame around the staff's pages: a resident's first page does without.
learn({ zh, en })
