import type { AllergenKey, CareContact, CareContacts, CareHealth, CareNamed, TextureKey } from '@/api/types'

// The parts of a home-care file as forms hold them: every field is text, a list has a line for each.

/** As many people to call as a file takes. */
export const MOST_CONTACTS = 8
export const ALLERGENS = ['gluten', 'crustaceans', 'fish', 'eggs', 'peanuts', 'soy', 'milk', 'nuts'] as const satisfies readonly AllergenKey[]
export const TEXTURES = ['regular', 'soft', 'minced', 'pureed', 'liquidised'] as const satisfies readonly TextureKey[]
/** What is refused most; whatever else is written in words. */
export const REFUSED = ['pork', 'beef', 'mutton', 'offal', 'coriander', 'scallion', 'garlic', 'chilli'] as const
export const HABITS = ['halal', 'vegetarian', 'low_sugar'] as const

export interface ContactsForm {
  contacts: CareContact[]
  key: CareNamed
  wishes: string
}
export interface HealthForm {
  allergies: AllergenKey[]
  other_allergies: string
  refused: string[]
  refuses: string
  texture: TextureKey | ''
  salt: string
  halal: boolean
  vegetarian: boolean
  low_sugar: boolean
  conditions: string
  medicines: string
  doctor: CareNamed
  mobility: string
}

const nobody = (): CareNamed => ({ name: '', phone: '', note: '' })
const known = (word: string) => REFUSED.some((one) => one === word)
export const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean)
const oneALine = (lines: readonly string[] | undefined): string => (lines ?? []).join('\n')
const named = ({ name, phone, note }: CareNamed): CareNamed | undefined => {
  const one = { name: name.trim(), phone: phone.trim(), note: note.trim() }
  return one.name || one.phone || one.note ? one : undefined
}

export const newContact = (): CareContact => ({ name: '', relation: '', phone: '', hours: '' })
const trimmed = (one: CareContact): CareContact => ({ name: one.name.trim(), relation: one.relation.trim(), phone: one.phone.trim(), hours: one.hours.trim() })
const blank = (one: CareContact) => !one.name && !one.relation && !one.phone && !one.hours

export function contactsForm(part?: CareContacts): ContactsForm {
  const contacts = (part?.contacts ?? []).map((one) => ({ ...one }))
  return { contacts: contacts.length > 0 ? contacts : [newContact()], key: { ...(part?.key_holder ?? nobody()) }, wishes: part?.wishes ?? '' }
}

/** What is sent: rows with nothing in them are left out. */
export function contactsOf(form: ContactsForm): CareContacts {
  return { contacts: form.contacts.map(trimmed).filter((one) => !blank(one)), key_holder: named(form.key), wishes: form.wishes.trim() }
}

export type ContactField = 'name' | 'relation' | 'phone'
/** The first field of somebody to call that must not stay empty: a number nobody can call, a name nobody knows. */
export function missingContact(form: ContactsForm): { index: number; field: ContactField } | undefined {
  for (const [index, one] of form.contacts.map(trimmed).entries()) {
    const field = blank(one) ? undefined : (['name', 'relation', 'phone'] as const).find((name) => one[name] === '')
    if (field) return { index, field }
  }
  return undefined
}

/** Puts somebody one place earlier: the first is called first. */
export function earlier<T>(list: readonly T[], index: number): T[] {
  const moved = [...list]
  const [one] = moved.splice(index, 1)
  if (one !== undefined) moved.splice(Math.max(0, index - 1), 0, one)
  return moved
}

export function healthForm(part?: CareHealth): HealthForm {
  return {
    allergies: [...(part?.allergies ?? [])],
    other_allergies: oneALine(part?.other_allergies),
    refused: (part?.refuses ?? []).filter(known),
    refuses: oneALine((part?.refuses ?? []).filter((word) => !known(word))),
    texture: part?.texture ?? '',
    salt: part?.most_salt_mg === undefined ? '' : String(part.most_salt_mg),
    halal: part?.halal ?? false,
    vegetarian: part?.vegetarian ?? false,
    low_sugar: part?.low_sugar ?? false,
    conditions: oneALine(part?.conditions),
    medicines: oneALine(part?.medicines),
    doctor: { ...(part?.doctor ?? nobody()) },
    mobility: part?.mobility ?? '',
  }
}

/** The most salt of a meal in milligrams; nothing where nothing is said, `wrong` where it is no number of a meal. */
export function saltOf(typed: string): number | undefined | 'wrong' {
  const text = typed.trim()
  if (text === '') return undefined
  return /^\d{1,5}$/.test(text) && Number(text) <= 20_000 ? Number(text) : 'wrong'
}

export function healthOf(form: HealthForm): CareHealth {
  const salt = saltOf(form.salt)
  return {
    allergies: [...form.allergies],
    other_allergies: linesOf(form.other_allergies),
    refuses: [...form.refused, ...linesOf(form.refuses)],
    texture: form.texture || undefined,
    most_salt_mg: salt === 'wrong' ? undefined : salt,
    halal: form.halal,
    vegetarian: form.vegetarian,
    low_sugar: form.low_sugar,
    conditions: linesOf(form.conditions),
    medicines: linesOf(form.medicines),
    doctor: named(form.doctor),
    mobility: form.mobility.trim(),
  }
}

/** In a list or out of it. */
export const turned = <T>(list: readonly T[], one: T): T[] => (list.includes(one) ? list.filter((other) => other !== one) : [...list, one])
