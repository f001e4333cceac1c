import { learn } from '.'
import { homecareEn as en } from './en/homecare'
import { homecareZh as zh } from './zh/homecare'

// The words of the home-care file come with its pages.
learn({ zh, en })
