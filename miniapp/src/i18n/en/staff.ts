import { deskEn } from './desk'
import { eventsEn } from './events'
import { manageEn } from './manage'

/** The same in English. */
export const staffEn = { ...deskEn, ...eventsEn, ...manageEn }
