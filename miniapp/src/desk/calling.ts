import type { Call } from '@/api/types'

/** Somebody to call, and everything there is to tell them, the oldest first. */
export interface ToCall {
  person: Call['person']
  calls: Call[]
}

/** The list person by person, whoever has waited longest first: one call tells everything. */
export function byPerson(calls: readonly Call[]): ToCall[] {
  const people = new Map<string, ToCall>()
  for (const call of calls) {
    const known = people.get(call.person.id)
    if (known) known.calls.push(call)
    else people.set(call.person.id, { person: call.person, calls: [call] })
  }
  return [...people.values()]
}
