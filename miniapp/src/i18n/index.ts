import { ref } from 'vue'
import { en } from './en'
import { zh } from './zh'

/** The languages the interface speaks. */
export type Language = 'zh' | 'en'
/** Every text of the interface has a name; both dictionaries have all of them. */
export type TextKey = keyof typeof zh

const dictionaries: Record<Language, Record<TextKey, string>> = { zh, en }

/** The language now spoken; changed by the preferences store only. */
export const language = ref<Language>('zh')

/** The text of that name, with `{name}` filled in from `values`. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const text = dictionaries[language.value][key]
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text
}

/** Whether a text of that name exists: for names made from the server's words. */
export function hasText(key: string): key is TextKey {
  return key in zh
}

/** The language as HTTP and HTML name it. */
export function languageTag(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en'
}
