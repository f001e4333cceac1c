// What the pages say, by the names the texts have there: one table for every language, the pages' own.
import { readFile, readdir } from 'node:fs/promises'

const folder = new URL('../../../miniapp/src/i18n/', import.meta.url)
const LINE = /^ {2}'([\w.]+)': '((?:[^'\\]|\\.)*)',$/gm

async function table(language) {
  const parts = (await readdir(new URL(`${language}/`, folder))).map((name) => `${language}/${name}`)
  const files = await Promise.all([`${language}.ts`, ...parts].map((name) => readFile(new URL(name, folder), 'utf8')))
  return new Map(files.flatMap((words) => [...words.matchAll(LINE)].map(([, key, text]) => [key, text.replace(/\\(.)/g, '$1')])))
}

const tables = { zh: await table('zh'), en: await table('en') }

/** Days and times as the demo's Monday morning says them. */
const TIMES = {
  zh: { tomorrow: /^明天 周二/, later: /^后天 周三/, early: /^上午9:30/, late: /^上午10:00/ },
  en: { tomorrow: /^Tomorrow Tue/, later: /^Wed 25 Nov/, early: /^9:30 am/, late: /^10:00 am/ },
}

/** One who speaks that language: texts by their names, and what the server calls things in both. */
export function tongue(language = 'zh') {
  const words = (key) => {
    const text = tables[language].get(key)
    if (text === undefined) throw new Error(`no text is named ${key}`)
    return text
  }
  return Object.assign(words, { language, ...TIMES[language], of: (both) => both[language] })
}
