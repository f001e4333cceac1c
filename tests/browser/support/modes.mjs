// The ways a page can be read, and how a page that is open is turned from one into the other.
import { settled } from './browser.mjs'
import { open } from './steps.mjs'

/** Every way on its own, by the name it has in reports and pictures. */
export const MODES = {
  usual: {},
  large: { large: true },
  dark: { dark: true },
  english: { language: 'en' },
}

/** Opens a page as a link does, and waits until nothing is on its way any more. */
export async function visit(page, path) {
  await open(page, path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
}

/** Turns the open page into one of the ways, as if the person wished so on another of their devices: the profile knows it too. */
export async function wish(page, { language = 'zh', large = false, dark = false } = {}) {
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  const turned = await page.evaluate(
    async ([tongue, big]) => {
      const stores = document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s
      const [prefs, session] = [stores.get('prefs'), stores.get('session')]
      if (prefs.language === tongue && prefs.large === big) return false
      if (session.signedIn) {
        const { person: { version } } = await session.refresh()
        const headers = { Authorization: `Bearer ${session.token}`, 'Content-Type': 'application/json' }
        const answer = await fetch('api/me', { method: 'PATCH', headers, body: JSON.stringify({ version, language: tongue, large_type: big }) })
        if (!answer.ok) throw new Error(await answer.text())
        session.setMe(await answer.json())
      }
      prefs.setLanguage(tongue)
      prefs.setLarge(big)
      return true
    },
    [language, large],
  )
  if (turned) await settled(page)
}
