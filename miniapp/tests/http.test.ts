import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Client, fillPath } from '@/api/client'
import { Http, type HttpAnswer, type Transport } from '@/api/http'
import { ApiProblem } from '@/api/problem'
import { language } from '@/i18n'

const ok = (body: unknown, headers: Record<string, string> = {}): HttpAnswer => ({ status: 200, headers, body })
const refused = (status: number, body: unknown = {}, headers: Record<string, string> = {}): HttpAnswer => ({ status, headers, body })

function setup(answers: (HttpAnswer | Error)[], token?: string) {
  const sent: Parameters<Transport>[0][] = []
  const waits: number[] = []
  const state = { token, ended: 0, server: 0, reached: undefined as boolean | undefined }
  const http = new Http(
    'https://linli.test/api',
    async (request) => {
      sent.push(request)
      const answer = answers.shift()
      if (!answer) throw new Error('no answer left')
      if (answer instanceof Error) throw answer
      return answer
    },
    {
      token: () => state.token,
      onLoginEnded: () => {
        state.ended += 1
        state.token = undefined
      },
      wait: async (milliseconds) => void waits.push(milliseconds),
      onServerTime: (server) => (state.server = server),
      onReached: (asked) => (state.reached = asked <= Date.now()),
      onUnreached: () => (state.reached = false),
    },
  )
  return { http, sent, waits, state }
}

const failure = async (work: Promise<unknown>): Promise<ApiProblem> => {
  const reason = await work.then(() => undefined, (error: unknown) => error)
  expect(reason).toBeInstanceOf(ApiProblem)
  return reason as ApiProblem
}

beforeEach(() => {
  language.value = 'zh'
})

describe('a request', () => {
  it('carries the login, the language and the body', async () => {
    const { http, sent } = setup([ok({ fine: true })], 'secret')
    language.value = 'en'
    expect(await http.send({ method: 'POST', path: '/orders', body: { a: 1 }, idempotencyKey: 'k1' })).toEqual({ fine: true })
    expect(sent[0]).toMatchObject({ url: 'https://linli.test/api/orders', method: 'POST', body: '{"a":1}' })
    expect(sent[0]?.headers).toMatchObject({
      Authorization: 'Bearer secret', 'Accept-Language': 'en', 'Content-Type': 'application/json', 'Idempotency-Key': 'k1',
    })
  })
  it('says nothing of a login that is not there', async () => {
    const { http, sent } = setup([ok({})])
    await http.send({ method: 'GET', path: '/service' })
    expect(sent[0]?.headers).not.toHaveProperty('Authorization')
    expect(sent[0]?.headers['Accept-Language']).toBe('zh-CN')
  })
  it('learns the server\'s clock', async () => {
    const { http, state } = setup([ok({}, { date: 'Mon, 23 Nov 2026 08:30:00 GMT' })])
    await http.send({ method: 'GET', path: '/service' })
    expect(state.server).toBe(Date.UTC(2026, 10, 23, 8, 30))
  })
})

describe('a refusal', () => {
  it('keeps the code, the words and the field', async () => {
    const { http } = setup([refused(422, { type: 'urn:linli:problem:phone_invalid', title: '手机号不对', detail: '请输入 11 位手机号。', status: 422, code: 'phone_invalid', field: 'phone', request_id: 'r1' })])
    const problem = await failure(http.send({ method: 'POST', path: '/login/code', body: {} }))
    expect(problem).toMatchObject({ status: 422, code: 'phone_invalid', title: '手机号不对', detail: '请输入 11 位手机号。' })
    expect(problem.field('phone')).toBe('手机号不对。请输入 11 位手机号。')
    expect(problem.beside(['phone'])).toBeUndefined()
    expect(problem.beside(['name'])).toBe(problem)
    expect(problem.extra.request_id).toBe('r1')
  })
  it('of a gateway without words gets ours', async () => {
    const { http } = setup([refused(500, '<html>Bad Gateway</html>')])
    const problem = await failure(http.send({ method: 'POST', path: '/x' }))
    expect(problem.code).toBe('http_500')
    expect(problem.words).toContain('请稍后再试')
  })
})

describe('trying again', () => {
  it('helps a read over a stumble', async () => {
    const { http, sent, waits } = setup([new Error('network'), refused(503), ok([1])])
    expect(await http.send({ method: 'GET', path: '/orders' })).toEqual([1])
    expect(sent).toHaveLength(3)
    expect(waits).toEqual([400, 1_200])
  })
  it('gives up after the third', async () => {
    const { http, sent } = setup([new Error(), new Error(), new Error(), ok({})])
    const problem = await failure(http.send({ method: 'GET', path: '/orders' }))
    expect(problem.offline).toBe(true)
    expect(sent).toHaveLength(3)
  })
  it('says whether the server was reached, and only after the last try that it was not', async () => {
    const { http, state } = setup([new Error(), ok({}), new Error(), new Error(), new Error(), refused(404)])
    await http.send({ method: 'GET', path: '/orders' })
    expect(state.reached).toBe(true)
    await failure(http.send({ method: 'GET', path: '/orders' }))
    expect(state.reached).toBe(false)
    // A refusal is an answer too.
    await failure(http.send({ method: 'GET', path: '/orders' }))
    expect(state.reached).toBe(true)
  })
  it('tells at once of an answer that did not come in time', async () => {
    const { http, sent, state } = setup([new Error('request:fail timeout'), ok({})])
    const problem = await failure(http.send({ method: 'GET', path: '/orders' }))
    expect([problem.code, problem.offline]).toEqual(['slow', true])
    expect(sent).toHaveLength(1)
    expect(state.reached).toBeUndefined()
  })
  it('never repeats a write without a key', async () => {
    const { http, sent } = setup([new Error(), ok({})])
    await failure(http.send({ method: 'POST', path: '/me/household', body: {} }))
    expect(sent).toHaveLength(1)
  })
  it('repeats a write with the same key', async () => {
    const { http, sent } = setup([new Error(), ok({ id: 'o' })])
    expect(await http.send({ method: 'POST', path: '/orders', body: {}, idempotencyKey: 'same' })).toEqual({ id: 'o' })
    expect(sent.map((request) => request.headers['Idempotency-Key'])).toEqual(['same', 'same'])
  })
  it('leaves a refusal alone', async () => {
    const { http, sent } = setup([refused(409, { code: 'slot_full', title: 't', detail: 'd' }), ok({})])
    expect((await failure(http.send({ method: 'POST', path: '/orders', idempotencyKey: 'k' }))).code).toBe('slot_full')
    expect(sent).toHaveLength(1)
  })
  it('waits as long as the server asks, but not for minutes', async () => {
    const short = setup([refused(503, {}, { 'retry-after': '2' }), ok({})])
    await short.http.send({ method: 'GET', path: '/x' })
    expect(short.waits).toEqual([2_000])
    const long = setup([refused(503, { code: 'queue_full' }, { 'retry-after': '60' }), ok({})])
    expect((await failure(long.http.send({ method: 'GET', path: '/x' }))).retryAfter).toBe(60)
    expect(long.sent).toHaveLength(1)
  })
})

describe('a login that has ended', () => {
  it('is told once', async () => {
    const { http, state } = setup([refused(401, { code: 'token_invalid' }), refused(401, { code: 'token_missing' })], 'old')
    await failure(http.send({ method: 'GET', path: '/me' }))
    await failure(http.send({ method: 'GET', path: '/me' }))
    expect(state.ended).toBe(1)
  })
  it('is not a wrong code while logging in', async () => {
    const { http, state } = setup([refused(401, { code: 'login_code_wrong' })])
    await failure(http.send({ method: 'POST', path: '/login' }))
    expect(state.ended).toBe(0)
  })
  it('does not end the newer login of another tab', async () => {
    const { http, state } = setup([refused(401)], 'old')
    const work = http.send({ method: 'GET', path: '/me' })
    state.token = 'new'
    await failure(work)
    expect(state.ended).toBe(0)
  })
})

describe('an address', () => {
  it('has its parameters filled in and escaped', () => {
    expect(fillPath('/orders/{id}/move', { id: 'a/b' })).toBe('/orders/a%2Fb/move')
    expect(fillPath('/areas', {}, { parent: undefined, q: '' })).toBe('/areas')
    expect(fillPath('/desk/day', {}, { offering: 'o 1', day: '2026-11-24' })).toBe('/desk/day?offering=o%201&day=2026-11-24')
  })
  it('is what the client sends', async () => {
    const send = vi.fn().mockResolvedValue({ items: [] })
    await new Client({ send } as unknown as Http).get('/orders', { query: { scope: 'open', limit: 20 } })
    expect(send).toHaveBeenCalledWith({ method: 'GET', path: '/orders?scope=open&limit=20', body: undefined, idempotencyKey: undefined })
  })
})
