// The stories everybody lives, on a narrow screen, in large type and in English too: the doctor always, the others where there is
// time for everything.
import { house } from '../support/house.mjs'
import { STORIES, WAYS } from './told.mjs'

const { story } = house()
const [first] = Object.keys(STORIES)

for (const [name, tell] of Object.entries(STORIES)) {
  for (const [way, how] of Object.entries(WAYS)) {
    if (process.env.LINLI_LONG || name === first) story(`${name}, ${way}`, ({ guest }) => tell(guest, how))
  }
}
