import { deskZh } from './desk'
import { eventsZh } from './events'
import { manageZh } from './manage'
import { watchZh } from './watch'

/** Everything the staff's screens say, in Chinese. */
export const staffZh = { ...deskZh, ...eventsZh, ...manageZh, ...watchZh } as const
