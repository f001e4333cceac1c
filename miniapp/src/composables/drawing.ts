import { places, type Drawing } from '@/api/visits'

let asked: Promise<Drawing> | undefined

/** The lines of the district's map; asked for once a visit. */
export function drawing(): Promise<Drawing> {
  asked ??= places.drawing().catch((reason) => {
    asked = undefined
    throw reason
  })
  return asked
}
