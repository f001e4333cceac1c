import { t } from '@/i18n'
import { missingContact, saltOf, type ContactsForm, type HealthForm } from './part'

type Wrong = Record<string, string>

/** Somebody with a name and no number, or the other way round, can be neither called nor asked for. */
function named(field: string, { name, phone, note }: { name: string; phone: string; note: string }): Wrong {
  if (!name.trim() && !phone.trim() && !note.trim()) return {}
  if (!name.trim()) return { [`${field}.name`]: t('carefile.name.first') }
  return phone.trim() ? {} : { [`${field}.phone`]: t('carefile.phone.first') }
}

/** What of the contacts needs another look, by row and field. */
export function contactsWrong(form: ContactsForm): Wrong {
  const missing = missingContact(form)
  return { ...(missing && { [`${missing.index}.${missing.field}`]: t(`carefile.${missing.field}.first`) }), ...named('key', form.key) }
}

/** What of the part of health needs another look, by field. */
export function healthWrong(form: HealthForm): Wrong {
  return { ...(saltOf(form.salt) === 'wrong' && { salt: t('carefile.salt.wrong') }), ...named('doctor', form.doctor) }
}
