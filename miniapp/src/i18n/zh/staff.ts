import { deskZh } from './desk'
import { eventsZh } from './events'
import { manageZh } from './manage'

/** Everything the staff's screens say, in Chinese. */
export const staffZh = { ...deskZh, ...eventsZh, ...manageZh } as const
