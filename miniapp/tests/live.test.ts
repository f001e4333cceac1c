import { beforeEach, describe, expect, it } from 'vitest'
import { Live, socketAddress, type LiveAnswer, type LiveNews, type LiveSocket } from '@/api/live'

/** A socket whose server is the test. */
class Wire implements LiveSocket {
  closed = false
  private hear: (text: string) => void = () => {}
  private ended: (code: number) => void = () => {}
  constructor(readonly after: number | undefined) {}
  onMessage(hear: (text: string) => void) {
    this.hear = hear
  }
  onClose(ended: (code: number) => void) {
    this.ended = ended
  }
  close() {
    this.closed = true
  }
  says(message: unknown) {
    this.hear(typeof message === 'string' ? message : JSON.stringify(message))
  }
  breaks(code = 1006) {
    this.ended(code)
  }
}

let wires: Wire[]
let timers: { at: number; act: () => void }[]
let clock: number
let asked: (number | undefined)[]
let answers: (LiveAnswer | Error)[]
let signedIn: boolean
let heard: LiveNews[]
let live: Live
const wire = () => wires[wires.length - 1]!
const event = (number: number) => ({ number, at: '2026-11-23T09:00:00+08:00', event: 'notice', payload: {} })
const numbers = () => heard.map((news) => (news === 'reset' ? news : news.number))

async function passes(milliseconds: number) {
  const until = clock + milliseconds
  for (;;) {
    const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
    if (!next) break
    timers = timers.filter((timer) => timer !== next)
    clock = next.at
    next.act()
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }
  clock = until
}

beforeEach(() => {
  wires = []
  timers = []
  clock = 1_000_000
  asked = []
  answers = []
  signedIn = true
  heard = []
  live = new Live(
    {
      open: (after) => {
        wires.push(new Wire(after))
        return wire()
      },
      ask: async (after) => {
        asked.push(after)
        const answer = answers.shift() ?? { items: [], last: after ?? 0 }
        if (answer instanceof Error) throw answer
        return answer
      },
      mayListen: () => signedIn,
      later: (act, milliseconds) => {
        const timer = { at: clock + milliseconds, act }
        timers.push(timer)
        return () => (timers = timers.filter((one) => one !== timer))
      },
    },
    () => clock,
  )
})

describe('listening', () => {
  it('tells every listener what happens, in order, over one socket', () => {
    const other: LiveNews[] = []
    live.listen((news) => heard.push(news))
    live.listen((news) => other.push(news))
    wire().says({ last: 4 })
    wire().says(event(5))
    wire().says({ at: '', event: 'position', payload: { order_id: 'a' } })
    wire().says(event(6))
    expect(numbers()).toEqual([5, undefined, 6])
    expect(other).toEqual(heard)
    expect(wires).toHaveLength(1)
  })

  it('goes on after a break where it was, and tells nothing twice', async () => {
    live.listen((news) => heard.push(news))
    wire().says({ last: 4 })
    wire().says(event(5))
    wire().breaks()
    await passes(1_000)
    expect(wires).toHaveLength(2)
    expect(wire().after).toBe(5)
    wire().says({ last: 5 })
    wire().says(event(5))
    wire().says(event(6))
    expect(numbers()).toEqual([5, 6])
  })

  it('says that too much was missed, and goes on from there', async () => {
    live.listen((news) => heard.push(news))
    wire().says({ last: 4 })
    wire().says({ reset: true, last: 900 })
    wire().says(event(901))
    expect(numbers()).toEqual(['reset', 901])
    wire().breaks()
    await passes(1_000)
    expect(wire().after).toBe(901)
  })

  it('takes a silent connection for a dead one', async () => {
    live.listen((news) => heard.push(news))
    wire().says({ last: 4 })
    await passes(59_000)
    wire().says({ last: 4 })
    await passes(59_000)
    expect(wires).toHaveLength(1)
    await passes(2_000)
    expect(wires[0]!.closed).toBe(true)
    expect(wires).toHaveLength(2)
  })

  it('does not hear what an older connection still says, nor what is no message', () => {
    live.listen((news) => heard.push(news))
    const [old] = wires
    wire().says('<html>')
    live.forget()
    old!.says(event(9))
    expect(heard).toEqual([])
    expect(wires).toHaveLength(2)
    expect(wire().after).toBeUndefined()
  })

  it('stops when the login has ended, and does not begin without one', async () => {
    live.listen((news) => heard.push(news))
    wire().breaks(4001)
    await passes(600_000)
    expect(wires).toHaveLength(1)
    signedIn = false
    live.forget()
    expect(wires).toHaveLength(1)
    signedIn = true
    live.forget()
    expect(wires).toHaveLength(2)
  })

  it('hangs up a little after the last listener has left, not between two pages', async () => {
    const leave = live.listen((news) => heard.push(news))
    wire().says({ last: 4 })
    leave()
    await passes(3_000)
    const leaveNext = live.listen((news) => heard.push(news))
    await passes(10_000)
    expect(wire().closed).toBe(false)
    leaveNext()
    await passes(6_000)
    expect(wire().closed).toBe(true)
    expect(wires).toHaveLength(1)
  })
})

describe('where no socket gets through', () => {
  it('asks instead, from the number heard last, and tries a socket again later', async () => {
    live.listen((news) => heard.push(news))
    wire().says({ last: 4 })
    wire().breaks()
    await passes(1_000)
    wire().breaks()
    answers.push({ items: [event(5), event(6)], last: 6 })
    await passes(2_000)
    expect(numbers()).toEqual([5, 6])
    await passes(3_000)
    expect(asked.slice(0, 2)).toEqual([4, 6])
    await passes(130_000)
    expect(wires).toHaveLength(3)
    expect(wire().after).toBe(6)
  })

  it('is told of a gap, keeps trying when nobody answers, and stops when the login has ended', async () => {
    live.listen((news) => heard.push(news))
    wire().breaks()
    await passes(1_000)
    wire().breaks()
    answers.push(new Error('offline'), { items: [], last: 70, reset: true }, Object.assign(new Error('over'), { status: 401 }))
    await passes(60_000)
    expect(heard).toEqual(['reset'])
    expect(asked).toEqual([undefined, undefined, 70])
    await passes(600_000)
    expect(asked).toHaveLength(3)
  })
})

describe('the address', () => {
  it('is a socket of the same host', () => {
    expect(socketAddress('https://linli.example/api', undefined)).toBe('wss://linli.example/api/live')
    expect(socketAddress('http://127.0.0.1:8080/api', 7)).toBe('ws://127.0.0.1:8080/api/live?after=7')
  })
})
