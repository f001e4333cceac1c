import type { components } from './schema'
import type { OrderIn as OrderMore, UpcomingOrder } from './upcoming'

// Short names for what the server's document calls its schemas.
type Schemas = components['schemas']

export type Words = Schemas['Words']
export type Problem = Schemas['Problem']
export type Service = Schemas['Service']
export type Area = Schemas['Area']
export type Platform = Schemas['Platform']
export type Kind = Schemas['Kind']
export type FormField = Schemas['FormField']
export type Place = Schemas['Place']
export type Offering = Schemas['Offering']
export type DayAvailability = Schemas['DayAvailability']
export type Slot = Schemas['Slot']
export type Login = Schemas['Login']
export type Me = Schemas['Me']
export type Person = Schemas['Person']
export type Fact = Schemas['Fact']
export type LoginItem = Schemas['LoginRow']
export type Consent = Schemas['Consent']
export type Share = Schemas['Share']
export type Preview = Schemas['Preview']
export type Order = Schemas['Order'] & UpcomingOrder
export type OrderState = Order['state']
/** What the server may allow with a booking; it names them as plain texts, so that a new one breaks no older page. */
export type OrderAction = 'accept' | 'decline' | 'cancel' | 'move' | 'leave_line' | 'agree' | 'reopen' | 'excuse' | 'certificate' | 'cancel_series'
export type Notice = Schemas['Notice']
export type DeskOrder = Schemas['DeskOrder']
export type DeskDay = Schemas['DeskDay']
export type DeskPerson = Schemas['FoundPerson']
export type Call = Schemas['Call']

/** How much is left of a day or a time, in the server's words. */
export type Left = DayAvailability['left']

export type FreeDay = Schemas['Free']
export type ResourceRules = Schemas['ResourceRules']
export type SeriesIn = Schemas['SeriesIn']
export type SeriesPreview = Schemas['SeriesPreview']
export type SeriesMade = Schemas['Series']
export type OrderIn = Schemas['PlaceIn'] & OrderMore
export type {
  Again, Announcement, Audience, Certificate, Channels, Contract, CourseView, Favourite, FavouriteWhat, Found, FoundWhat, Meeting,
  Panel, Programme, SessionCard, SessionForm, WechatMessage,
} from './upcoming'
