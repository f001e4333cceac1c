import { reactive, ref } from 'vue'
import { api } from '@/api'
import { newKey } from '@/api/idempotency'
import type { WechatMessage } from '@/api/types'

/** WeChat asks for at most so many kinds of message at once. */
const AT_ONCE = 3
/** So many kept consents are enough: asking again would only be a bother. */
export const ENOUGH = 1

/** Which messages to ask for: those that would otherwise not arrive, those with the fewest consents first. */
export function worthAsking(messages: readonly WechatMessage[], enough = ENOUGH): WechatMessage[] {
  return [...messages].filter(({ kept }) => kept < enough).sort((a, b) => a.kept - b.kept).slice(0, AT_ONCE)
}

/** What WeChat answered, by its own ids, as the server counts it; what was not asked about is left out. */
export function answersOf(asked: readonly WechatMessage[], answer: Readonly<Record<string, unknown>>) {
  return asked
    .filter(({ wechat_id }) => typeof answer[wechat_id] === 'string')
    .map(({ template, wechat_id }) => ({ template, accepted: answer[wechat_id] === 'accept' }))
}

/**
 * One-time messages in WeChat: one consent is one message, asked for right after a tap and counted by the server.
 * On the web there is nothing to ask.
 */
export function useWechatMessages() {
  const messages = ref<WechatMessage[]>([])

  /** How many messages of each kind may still be sent. */
  async function list(): Promise<WechatMessage[]> {
    return (messages.value = (await api.get('/me/wechat-messages')).items)
  }

  /** The same ahead of a tap; not knowing it stands in nobody's way. */
  async function load(): Promise<void> {
    // #ifdef MP-WEIXIN
    await list().catch(() => undefined)
    // #endif
  }

  /** Asks, and tells the server what was answered. To be called in a tap. */
  async function ask(wanted?: readonly WechatMessage[]): Promise<void> {
    const asked = wanted ?? worthAsking(messages.value)
    if (asked.length === 0) return
    // #ifdef MP-WEIXIN
    const answer = await new Promise<Record<string, unknown>>((resolve) => {
      wx.requestSubscribeMessage({
        tmplIds: asked.map(({ wechat_id }) => wechat_id),
        success: (said) => resolve(said as unknown as Record<string, unknown>),
        fail: () => resolve({}),
      })
    })
    const results = answersOf(asked, answer)
    if (results.length === 0) return
    await api.post('/me/wechat-messages', { body: { results }, key: newKey() }).then(list).catch(() => undefined)
    // #endif
  }

  return reactive({ messages, list, load, ask })
}
