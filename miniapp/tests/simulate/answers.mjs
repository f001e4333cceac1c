// Answers as the server's own document describes them: every operation is answered with an example of its schema. A text is the
// place it has in the document (`Order.number`), so that a page shows whether it read what it was given.
import { readFileSync } from 'node:fs'

const document = JSON.parse(readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8'))

/** The one id of everything, and the moment at which it all happens. */
export const ID = '00V9P3M2G4001'
export const DAY = '2026-11-24'
const NOW = `${DAY}T08:00:00+08:00`
const START = `${DAY}T09:30:00+08:00`
const END = `${DAY}T10:00:00+08:00`
const PHONE = '03170000000'

/** What the document leaves to words: where a made-up text would be no answer any server gives. */
const believable = {
  'Service.now': NOW,
  'Service.mode': 'live',
  'Service.demo_logins': [],
  'Service.help_phone': PHONE,
  'Role.role': 'area_staff',
  'Me.unread': 2,
  'Person.age': 70,
  'Person.birth_date': '1956-02-03',
  'Person.language': 'zh',
  'Person.large_type': false,
  'Platform.key': 'medical',
  'Offering.kind': 'medical.general_practice',
  'Order.platform': 'medical',
  'Order.visit': null,
  'OrderVisit.state': 'seeking',
  'Theme.month': '2026-11',
  'Job.actions': ['on_the_way', 'arrived', 'start', 'done', 'fail', 'give_back', 'quote', 'call', 'refuse'],
}
/** One kind of every shape. */
const kinds = [
  { key: 'medical.general_practice', shape: 'slot', contract: null, attendance: null },
  { key: 'medical.family_doctor', shape: 'slot', attendance: null },
  { key: 'eldercare.day_care', shape: 'slot', contract: null },
  { key: 'education.calligraphy', shape: 'session', contract: null, attendance: null },
  { key: 'culture.activity_room', shape: 'resource', contract: null, attendance: null },
  { key: 'housekeeping.cleaning', shape: 'dispatch', contract: null, attendance: null },
]
/** The same by the property alone, whatever it is a property of. */
const byName = {
  start: START,
  end: END,
  phone: PHONE,
  next: null,
  minutes: 30,
  total: 3,
}

const schemaOf = (schema) => (schema.$ref ? { name: schema.$ref.split('/').pop(), ...document.components.schemas[schema.$ref.split('/').pop()] } : schema)

/** One schema of several that hold at once. */
function merged(schema) {
  const plain = schemaOf(schema)
  if (!plain.allOf) return plain
  const parts = plain.allOf.map(merged)
  return Object.assign({}, ...parts, { ...plain, allOf: undefined, name: parts.find(({ name }) => name)?.name ?? plain.name })
}

const named = (description = '') => [...description.matchAll(/`([^`]+)`/g)].map(([, word]) => word)

function text(schema, place) {
  if (schema.enum) return schema.enum[0]
  if (schema.example !== undefined) return schema.example
  if (schema.format === 'date-time') return START
  if (schema.format === 'date') return DAY
  const [first] = named(schema.description)
  if (first && /^[a-z_]+$/.test(first) && /^`|: `/.test(schema.description.trim())) return first
  return place.slice(0, schema.maxLength ?? 200)
}

/** An example of a schema with everything it may hold; `place` is what it is called in the document. */
export function exampleOf(asked, place = '', within = [], overrides = {}) {
  const schema = merged(asked)
  if (schema.name === 'Words') return { zh: place, en: place }
  if (schema.name === 'Point') return { lat: 38.31, lon: 116.88 }
  if (schema.type === 'object' || schema.properties) {
    const inside = [...within, schema.name]
    const required = schema.required ?? []
    const found = {}
    for (const [property, part] of Object.entries(schema.properties ?? {})) {
      const spot = `${schema.name ?? place}.${property}`
      const known = spot in overrides ? overrides[spot] : spot in believable ? believable[spot] : byName[property]
      if (known !== undefined) {
        if (known !== null) found[property] = known
        continue
      }
      const name = merged(part.items ?? part).name
      // What holds itself holds itself once.
      if (inside.includes(name)) {
        if (required.includes(property)) found[property] = part.type === 'array' ? [] : {}
        continue
      }
      found[property] =
        spot === 'Platform.kinds'
          ? kinds.map((kind) => exampleOf(part.items, spot, inside, { ...overrides, ...Object.fromEntries(Object.entries(kind).map(([name, value]) => [`Kind.${name}`, value])) }))
          : exampleOf(part, spot, inside, overrides)
    }
    return found
  }
  if (schema.type === 'array') {
    const several = named(schema.description)
    if (merged(schema.items ?? {}).type === 'string' && several.length > 1 && !merged(schema.items).enum) return several
    return schema.items ? [exampleOf(schema.items, place, within, overrides)] : []
  }
  if (schema.type === 'integer' || schema.type === 'number') return schema.example ?? Math.max(schema.minimum ?? 1, 1)
  if (schema.type === 'boolean') return true
  return text(schema, place)
}

const operations = Object.entries(document.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs)
    .filter(([verb]) => ['get', 'post', 'put', 'patch', 'delete'].includes(verb))
    .map(([verb, operation]) => ({
      verb: verb.toUpperCase(),
      path: path.replace(/^\/api/, ''),
      // A path that is spelled out comes before one with a gap.
      gaps: (path.match(/\{/g) ?? []).length,
      pattern: new RegExp(`^${path.replace(/^\/api/, '').replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
      operation,
    })),
).sort((a, b) => a.gaps - b.gaps)

/** The operation a request means; `undefined` is a request the document does not know. */
export function operationOf(verb, address) {
  const [path] = address.split('?')
  return operations.find((one) => one.verb === verb && one.pattern.test(path))
}

/** What the server answers to that operation when all goes well. */
export function answerTo({ operation }, overrides = {}) {
  const [status, answer] = Object.entries(operation.responses).find(([code]) => /^2/.test(code)) ?? ['204', {}]
  const [type, content] = Object.entries(answer.content ?? {})[0] ?? []
  if (!content) return { status: Number(status), body: '' }
  if (type !== 'application/json') return { status: Number(status), body: 'id,name\n' }
  return { status: Number(status), body: JSON.stringify(exampleOf(content.schema, '', [], overrides)) }
}
