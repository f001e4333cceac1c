import { describe, expect, it } from 'vitest'
import { ActionKeys, newKey } from '@/api/idempotency'
import { ApiProblem } from '@/api/problem'
import { useAction } from '@/composables/action'
import { useLoad, usePages } from '@/composables/load'

const problem = (status: number, code = 'x') => new ApiProblem(status, code, 'title', 'detail')

describe('keys', () => {
  it('are what the server takes, and never the same', () => {
    const keys = new Set(Array.from({ length: 200 }, () => newKey()))
    expect(keys.size).toBe(200)
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
  it('belong to one action with one content until it is settled', () => {
    let made = 0
    const keys = new ActionKeys(() => `k${(made += 1)}`)
    expect(keys.keyFor('order', { slot: 1 })).toBe('k1')
    expect(keys.keyFor('order', { slot: 1 })).toBe('k1')
    expect(keys.keyFor('cancel', { slot: 1 })).toBe('k2')
    expect(keys.keyFor('order', { slot: 2 })).toBe('k3')
    keys.settle('order')
    expect(keys.keyFor('order', { slot: 2 })).toBe('k4')
  })
})

describe('an action', () => {
  it('runs once for two taps', async () => {
    let runs = 0
    let finish: (value: string) => void = () => {}
    const action = useAction('twice', () => {
      runs += 1
      return new Promise<string>((resolve) => (finish = resolve))
    })
    const first = action.run('a')
    const second = await action.run('a')
    expect(second).toBeUndefined()
    expect(action.busy).toBe(true)
    finish('done')
    expect(await first).toEqual({ value: 'done' })
    expect(runs).toBe(1)
    expect(action.busy).toBe(false)
  })

  const keysOf = async (failure: unknown) => {
    const keys: string[] = []
    const action = useAction(`keys-${String((failure as ApiProblem).status)}-${(failure as ApiProblem).code}`, async (_: string, key) => {
      keys.push(key)
      throw failure
    })
    await action.run('same')
    expect(action.problem?.words).toBe('title. detail')
    await action.run('same')
    return keys
  }
  it.each([[0], [500], [503], [429]])('keeps its key when the server has not decided (%i)', async (status) => {
    const [first, second] = await keysOf(problem(status))
    expect(second).toBe(first)
  })
  it.each([[409], [422], [403]])('takes a new key after a refusal (%i)', async (status) => {
    const [first, second] = await keysOf(problem(status))
    expect(second).not.toBe(first)
  })
})

describe('loading', () => {
  it('goes from loading to ready, empty or failed', async () => {
    const filled = useLoad(async () => [1], (items) => items.length === 0)
    expect(filled.state).toBe('loading')
    await filled.refresh()
    expect(filled.state).toBe('ready')
    const empty = useLoad(async (): Promise<number[]> => [], (items) => items.length === 0)
    await empty.refresh()
    expect(empty.state).toBe('empty')
    const failed = useLoad(async () => Promise.reject(problem(503)))
    await failed.refresh()
    expect(failed.state).toBe('failed')
    expect(failed.problem?.status).toBe(503)
  })
  it('keeps what is shown when a refresh fails', async () => {
    let broken = false
    const load = useLoad(async () => (broken ? Promise.reject(problem(0)) : 'old'))
    await load.refresh()
    broken = true
    await load.refresh()
    expect(load.state).toBe('ready')
    expect(load.value).toBe('old')
    expect(load.problem?.offline).toBe(true)
  })
  it('throws away an answer to an older question', async () => {
    const answers: ((value: string) => void)[] = []
    const load = useLoad(() => new Promise<string>((resolve) => answers.push(resolve)))
    const first = load.refresh()
    const second = load.refresh()
    answers[1]?.('new')
    await second
    answers[0]?.('old')
    await first
    expect(load.value).toBe('new')
  })
  it('adds pages without showing anything twice', async () => {
    const pages: Record<string, { items: { id: string }[]; next?: string }> = {
      first: { items: [{ id: 'a' }, { id: 'b' }], next: 'c1' },
      c1: { items: [{ id: 'b' }, { id: 'c' }] },
    }
    const list = usePages(async (cursor) => pages[cursor ?? 'first']!)
    await list.refresh()
    expect(list.more).toBe('c1')
    await list.loadMore()
    expect(list.value?.map((item) => item.id)).toEqual(['a', 'b', 'c'])
    expect(list.more).toBeUndefined()
    await list.loadMore()
    expect(list.value).toHaveLength(3)
  })
})
