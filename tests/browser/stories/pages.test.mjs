// Every page as it is for everybody: on a narrow screen, in large type, in the dark, for people who do not see it.
import { DESK } from '../support/browser.mjs'
import { house } from '../support/house.mjs'
import { fits, inspect, open, overflow } from '../support/look.mjs'
import { CLEANER, LIN, STREET } from '../support/steps.mjs'
import { deskPages, guestPages, prefer, providerPages, residentPages, workPages } from '../support/tour.mjs'

const { story } = house()

story('the pages of somebody unknown are open to everybody and fit', async ({ guest }) => {
  await inspect(await guest(), guestPages, [fits, open])
})

/** Found when the first story needs them, since finding them makes a booking. */
let pages

story("a resident's pages are open to everybody and fit", async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  pages = await residentPages(page)
  await inspect(page, pages, [fits, open])
})

story("a resident's pages fit in large type", async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  pages ??= await residentPages(page)
  await prefer(page, { large: true })
  await inspect(page, pages, [fits])
})

story("a provider's pages are open to everybody and fit, also in large type", async ({ guest }) => {
  const page = await guest({ phone: CLEANER.phone })
  const all = await providerPages(page)
  await inspect(page, all, [fits, open])
  await prefer(page, { large: true })
  await inspect(page, all, [fits])
})

story("the staff's pages are open to everybody and fit", async ({ guest }) => {
  const page = await guest({ phone: STREET.phone })
  await inspect(page, [...deskPages, ...(await workPages(page))], [fits, open])
})

story("the staff's pages fit a large screen, also in large type", async ({ guest }) => {
  const page = await guest({ phone: STREET.phone, viewport: DESK })
  const all = [...deskPages, ...(await workPages(page))]
  await inspect(page, all, [overflow])
  await prefer(page, { large: true })
  await inspect(page, all, [overflow])
})
