// Every page in English, as long words as there are, also in large type.
import { house } from '../support/house.mjs'
import { chineseWords, fits, inspect } from '../support/look.mjs'
import { LIN, STREET } from '../support/steps.mjs'
import { deskPages, prefer, residentPages } from '../support/tour.mjs'

const { story } = house()

story('English pages are English and fit, also in large type', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  const pages = await residentPages(page)
  await prefer(page, { language: 'English' })
  await inspect(page, pages, [chineseWords, fits])
  await prefer(page, { language: 'English', large: true })
  await inspect(page, pages.filter(({ main }) => main), [fits])
})

story("the staff's pages are English too", async ({ guest }) => {
  const page = await guest({ phone: STREET.phone })
  await prefer(page, { language: 'English' })
  await inspect(page, deskPages, [chineseWords, fits])
})
