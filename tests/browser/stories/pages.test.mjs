// Every page as it is for everybody: on a narrow screen, in large type, in the dark, in English, for people who do not see it.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { fitsDesk, inspect } from '../support/look.mjs'
import { everybody, laterPages, unseen } from '../support/tour.mjs'

/** Hundreds of looks: the full matrix takes its time. Milliseconds. */
const { story } = house({ longest: 1_200_000 })

const seen = []
/** Begun with the first story, looked at with the resident's. */
let later = []

for (const { who, person, wide, pages } of everybody) {
  const large = wide ? { usual: [fitsDesk], large: [fitsDesk], english: [fitsDesk] } : {}
  story(`the pages of the ${who} are open to everybody and fit`, async ({ guest }) => {
    const page = await guest(person)
    if (who === 'guest') later = await laterPages(page)
    const theirs = [...(await pages(page)), ...(who === 'resident' ? later : [])]
    seen.push(...theirs)
    await inspect(page, theirs, large)
  })
}

story('no page is left out', async () => {
  assert.deepEqual(await unseen(seen), [])
})
