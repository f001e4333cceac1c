import { languageTag, t } from '@/i18n'
import { ApiProblem, problemFrom } from './problem'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface HttpRequest {
  method: Method
  /** Path with its parameters filled in, and the query. */
  path: string
  body?: unknown
  /** Sent as it is, instead of a body. */
  file?: ArrayBuffer
  /** The answer is a file, not JSON. */
  binary?: boolean
  /** Names one action of a person: sent twice, it happens once. */
  idempotencyKey?: string
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** Carries one request over the wire; rejects when no answer came. */
export type Transport = (request: {
  url: string
  method: Method
  headers: Record<string, string>
  body?: string | ArrayBuffer
  binary?: boolean
}) => Promise<HttpAnswer>

/** What the layer needs to know of the person, and whom to tell when the login has ended. */
export interface HttpContext {
  token(): string | undefined
  onLoginEnded(): void
  wait(milliseconds: number): Promise<void>
  /** Told the server's clock with every answer. */
  onServerTime(serverMilliseconds: number): void
  /** An answer came to what was asked at `asked`, milliseconds since 1970 UTC. */
  onReached(asked: number): void
  /** No answer came, after every try. */
  onUnreached(): void
}

const TIMEOUT = 15_000
/** A file of thousands of rows takes longer to send and to read. */
const FILE_TIMEOUT = 120_000
/** No answer, and none to be waited for. */
const LOST = 'offline'
const RETRY_PAUSES = [400, 1_200] as const
const WORTH_RETRYING = new Set([502, 503, 504])
/** A server that asks for longer than this is told to the person instead of waited for. Seconds. */
const LONGEST_WAIT = 3

/** The platform's own request, on the phone and on the web. */
export const uniTransport: Transport = ({ url, method, headers, body, binary }) =>
  new Promise((resolve, reject) => {
    let verb = method
    // #ifdef MP-WEIXIN
    // WeChat knows no PATCH: it travels as a POST that says what it means.
    if (method === 'PATCH') {
      verb = 'POST'
      headers['X-HTTP-Method-Override'] = 'PATCH'
    }
    // #endif
    uni.request({
      url,
      // The platform's types leave PATCH out; the web page can send it.
      method: verb as 'GET',
      header: headers,
      data: body,
      timeout: binary || typeof body === 'object' ? FILE_TIMEOUT : TIMEOUT,
      dataType: 'text',
      responseType: binary ? 'arraybuffer' : 'text',
      success: (answer) => {
        const sent = (answer.header ?? {}) as Record<string, string>
        const received = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name.toLowerCase(), String(value)]))
        const file = binary && answer.statusCode < 300
        resolve({ status: answer.statusCode, headers: received, body: file ? answer.data : parse(answer.data) })
      },
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })

/** UTF-8 by hand: WeChat has no decoder of its own. */
function textOf(bytes: ArrayBuffer): string {
  const escaped = Array.from(new Uint8Array(bytes), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return decodeURIComponent(escaped)
}

function parse(answered: unknown): unknown {
  const data = answered instanceof ArrayBuffer ? textOf(answered) : answered
  if (typeof data !== 'string') return data
  if (data === '') return undefined
  try {
    return JSON.parse(data)
  } catch {
    return data
  }
}

function seconds(value: string | undefined): number | undefined {
  const number = Number(value)
  return value !== undefined && Number.isFinite(number) ? number : undefined
}

/**
 * Sends requests as the person, in their language. Reads are tried again when the network or a gateway stumbles; so are writes
 * that carry a key, since the same key never acts twice. Everything else fails as an `ApiProblem`.
 */
export class Http {
  constructor(
    private readonly base: string,
    private readonly transport: Transport,
    private readonly context: HttpContext,
  ) {}

  async send(request: HttpRequest): Promise<unknown> {
    const repeatable = request.method === 'GET' || request.idempotencyKey !== undefined
    for (let attempt = 0; ; attempt += 1) {
      const token = this.context.token()
      const outcome = await this.once(request, token)
      if (!(outcome instanceof ApiProblem)) return outcome.body
      const pause = RETRY_PAUSES[attempt]
      const stumbled = outcome.code === LOST || WORTH_RETRYING.has(outcome.status)
      if (repeatable && stumbled && pause !== undefined && (outcome.retryAfter ?? 0) <= LONGEST_WAIT) {
        await this.context.wait(Math.max(pause, (outcome.retryAfter ?? 0) * 1_000))
        continue
      }
      if (outcome.code === LOST) this.context.onUnreached()
      // A login that ended is one that was there: a wrong code at the login page is not.
      if (outcome.status === 401 && token !== undefined && token === this.context.token()) this.context.onLoginEnded()
      throw outcome
    }
  }

  private async once(request: HttpRequest, token: string | undefined): Promise<HttpAnswer | ApiProblem> {
    const headers: Record<string, string> = { Accept: request.binary ? '*/*' : 'application/json', 'Accept-Language': languageTag() }
    if (token !== undefined) headers.Authorization = `Bearer ${token}`
    if (request.body !== undefined) headers['Content-Type'] = 'application/json'
    if (request.file !== undefined) headers['Content-Type'] = 'application/octet-stream'
    if (request.idempotencyKey !== undefined) headers['Idempotency-Key'] = request.idempotencyKey
    const asked = Date.now()
    let answer: HttpAnswer
    try {
      answer = await this.transport({
        url: this.base + request.path,
        method: request.method,
        headers,
        body: request.file ?? (request.body === undefined ? undefined : JSON.stringify(request.body)),
        binary: request.binary,
      })
    } catch (reason) {
      // Whoever has waited that long is told at once, and decides about another try.
      if (reason instanceof Error && /timeout/i.test(reason.message)) return new ApiProblem(0, 'slow', t('problem.slow.title'), t('problem.slow.detail'))
      return new ApiProblem(0, LOST, t('problem.offline.title'), t('problem.offline.detail'))
    }
    this.context.onReached(asked)
    const serverTime = Date.parse(answer.headers.date ?? '')
    if (Number.isFinite(serverTime)) this.context.onServerTime(serverTime)
    if (answer.status >= 200 && answer.status < 300) return answer
    return problemFrom(answer.status, answer.body, seconds(answer.headers['retry-after']), {
      title: t('problem.server.title'),
      detail: t('problem.server.detail'),
    })
  }
}
