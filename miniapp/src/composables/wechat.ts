import { reactive, ref } from 'vue'
import { api } from '@/api'
import type { WechatMessage } from '@/api/types'

/** WeChat asks for at most so many kinds of message at once. */
const AT_ONCE = 3
/** So many kept consents are enough: asking again would only be a bother. */
export const ENOUGH = 1

/** Which messages to ask for: those that would otherwise not arrive, those with the fewest consents first. */
export function worthAsking(messages: readonly WechatMessage[], enough = ENOUGH): string[] {
  return [...messages].filter(({ kept }) => kept < enough).sort((a, b) => a.kept - b.kept).slice(0, AT_ONCE).map(({ template }) => template)
}

/**
 * One-time messages in WeChat: one consent is one message, asked for right after a tap and counted by the server.
 * On the web there is nothing to ask.
 */
export function useWechatMessages() {
  const messages = ref<WechatMessage[]>([])

  /** How many messages of each kind may still be sent; not knowing it stands in nobody's way. */
  async function load(): Promise<void> {
    // #ifdef MP-WEIXIN
    await api.get('/me/wechat-messages').then(
      ({ items }) => (messages.value = items),
      () => undefined,
    )
    // #endif
  }

  /** Asks, and tells the server what was answered. To be called in a tap. */
  async function ask(templates = worthAsking(messages.value)): Promise<void> {
    // #ifdef MP-WEIXIN
    if (templates.length === 0) return
    const answers = await new Promise<Record<string, string>>((resolve) => {
      wx.requestSubscribeMessage({
        tmplIds: templates,
        success: (answer) => resolve(answer as unknown as Record<string, string>),
        fail: () => resolve({}),
      })
    })
    const results = templates.filter((template) => answers[template] !== undefined).map((template) => ({ template, accepted: answers[template] === 'accept' }))
    if (results.length === 0) return
    await api.post('/me/wechat-messages', { body: { results } }).then(
      ({ items }) => (messages.value = items),
      () => undefined,
    )
    // #endif
    void templates
  }

  return reactive({ messages, load, ask })
}
