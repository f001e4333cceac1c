import type { ApiProblem } from './problem'

/** Something that happened, as the server tells it. `number` is absent where it is passed on and not kept, such as a position. */
export interface LiveEvent {
  number?: number
  at: string
  /** `offer.made`, `offer.gone`, `visit.changed`, `position`, `order.changed`, `notice`, `help`, `board.changed`; more may come. */
  event: string
  payload: Record<string, unknown>
}

/** What a listener hears: an event, or that too much was missed to be told and everything is to be read anew. */
export type LiveNews = LiveEvent | 'reset'
export type LiveListener = (news: LiveNews) => void

/** A socket, as much of one as is needed. */
export interface LiveSocket {
  onMessage(hear: (text: string) => void): void
  /** Told once, also when the socket never opened. */
  onClose(ended: (code: number) => void): void
  close(): void
}

/** What was asked for instead of listening. */
export interface LiveAnswer {
  items: LiveEvent[]
  last: number
  reset?: boolean
}

/** How it reaches the server, and how it waits. */
export interface LivePorts {
  /** Opens a socket as the person who is logged in; `after`: the number that was heard last. */
  open(after: number | undefined): LiveSocket
  /** Asks what happened since; waits a while on the server when nothing did. */
  ask(after: number | undefined): Promise<LiveAnswer>
  /** Nobody is logged in: there is nothing to hear. */
  mayListen(): boolean
  later(act: () => void, milliseconds: number): () => void
}

/** Pauses before the next try; the last one is kept to. Milliseconds. */
const PAUSES = [1_000, 2_000, 5_000, 15_000, 30_000] as const
/** The server says something twice as often: a connection that is silent for so long is dead. Milliseconds. */
const SILENCE = 60_000
/** Sockets that fail so often in a row without a word: this network lets none through. */
const HOPELESS = 2
/** After so long of asking instead, a socket is tried again. Milliseconds. */
const SOCKET_AGAIN = 120_000
/** Going from one page to the next is no reason to hang up. Milliseconds. */
const GRACE = 5_000
/** The login has ended. */
const LOGIN_ENDED = 4001

/**
 * Hears what happens while it happens. Goes on where it was after a break, without loss and without telling anything twice;
 * where no socket gets through it asks instead.
 */
export class Live {
  private readonly listeners = new Set<LiveListener>()
  private last: number | undefined
  private socket: LiveSocket | undefined
  /** Which connection is the present one: what an older one still says is not heard. */
  private turn = 0
  private failures = 0
  private cancel: (() => void) | undefined
  private hangUp: (() => void) | undefined
  private askUntil = 0
  private running = false

  constructor(
    private readonly ports: LivePorts,
    private readonly now: () => number = Date.now,
  ) {}

  /** Tells `hear` what happens from now on; answers with how to stop. */
  listen(hear: LiveListener): () => void {
    this.listeners.add(hear)
    this.hangUp?.()
    this.hangUp = undefined
    this.start()
    return () => {
      this.listeners.delete(hear)
      if (this.listeners.size === 0) this.hangUp ??= this.ports.later(() => this.stop(), GRACE)
    }
  }

  /** Another person uses this device now, or nobody: what the last one heard is over. */
  forget(): void {
    this.stop()
    this.last = undefined
    if (this.listeners.size > 0) this.start()
  }

  private start(): void {
    if (this.running || !this.ports.mayListen()) return
    this.running = true
    this.failures = 0
    this.connect()
  }

  private stop(): void {
    this.turn += 1
    this.running = false
    this.cancel?.()
    this.cancel = undefined
    this.hangUp?.()
    this.hangUp = undefined
    this.socket?.close()
    this.socket = undefined
  }

  private after(milliseconds: number, act: () => void): void {
    this.cancel?.()
    this.cancel = this.ports.later(act, milliseconds)
  }

  private connect(): void {
    if (this.now() < this.askUntil) return void this.askOnce()
    const mine = (this.turn += 1)
    const socket = (this.socket = this.ports.open(this.last))
    const alive = () => this.after(SILENCE, () => ended(0))
    const ended = (code: number) => {
      if (mine !== this.turn) return
      this.turn += 1
      this.socket = undefined
      socket.close()
      if (code === LOGIN_ENDED) return this.stop()
      this.failures += 1
      if (this.failures >= HOPELESS) this.askUntil = this.now() + SOCKET_AGAIN
      this.after(this.pause(), () => this.connect())
    }
    alive()
    socket.onMessage((text) => {
      if (mine !== this.turn) return
      this.failures = 0
      alive()
      this.hear(text)
    })
    socket.onClose(ended)
  }

  private async askOnce(): Promise<void> {
    const mine = (this.turn += 1)
    try {
      const answer = await this.ports.ask(this.last)
      if (mine !== this.turn) return
      this.failures = 0
      if (answer.reset) this.tell('reset')
      for (const item of answer.items) this.take(item)
      this.last = answer.last
      this.after(PAUSES[0], () => this.connect())
    } catch (reason) {
      if (mine !== this.turn) return
      if ((reason as Partial<ApiProblem>).status === 401) return this.stop()
      this.failures += 1
      this.after(this.pause(), () => this.connect())
    }
  }

  private pause(): number {
    return PAUSES[Math.min(this.failures, PAUSES.length) - 1] ?? PAUSES[0]
  }

  private hear(text: string): void {
    let said: Partial<LiveEvent> & { last?: number; reset?: boolean }
    try {
      said = JSON.parse(text) as typeof said
    } catch {
      return
    }
    if (said.reset) {
      this.last = said.last
      this.tell('reset')
    } else if (typeof said.event === 'string') {
      this.take(said as LiveEvent)
    } else {
      // Where one begins; later it is only a sign of life.
      this.last ??= said.last
    }
  }

  private take(event: LiveEvent): void {
    if (event.number !== undefined) {
      if (this.last !== undefined && event.number <= this.last) return
      this.last = event.number
    }
    this.tell(event)
  }

  private tell(news: LiveNews): void {
    for (const hear of [...this.listeners]) hear(news)
  }
}

/** `https://host/api` as an address of a socket there. */
export function socketAddress(base: string, after: number | undefined): string {
  return `${base.replace(/^http/, 'ws')}/live${after === undefined ? '' : `?after=${after}`}`
}

/** The platform's own socket. The token travels as a protocol: an address would be written into logs. */
export function uniSocket(base: string, token: string, after: number | undefined): LiveSocket {
  let over = false
  let tellEnd: (code: number) => void = () => {}
  const ended = (code: number) => {
    if (over) return
    over = true
    tellEnd(code)
  }
  const task = uni.connectSocket({
    url: socketAddress(base, after),
    protocols: ['linli', `bearer.${token}`],
    success: () => {},
    // Not while it is being opened: whoever opens it has not yet said whom to tell.
    fail: () => setTimeout(() => ended(0)),
  })
  task.onError(() => ended(0))
  task.onClose((how: { code?: number } | undefined) => ended(how?.code ?? 0))
  return {
    onMessage: (hear) => task.onMessage(({ data }) => typeof data === 'string' && hear(data)),
    onClose: (tell) => (tellEnd = tell),
    close: () => {
      over = true
      task.close({ code: 1000, fail: () => {} })
    },
  }
}
