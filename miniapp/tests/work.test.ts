import { beforeEach, describe, expect, it } from 'vitest'
import { ApiProblem } from '@/api/problem'
import type { Job } from '@/api/types'
import { language } from '@/i18n'
import { dayPlan, fenOf, leaveAt, minutesOf, payNote, payOf, ringOf, warningOf } from '@/work/day'
import { foreseen, isSought, Outbox, type Deed, type Outcome, type Unsent } from '@/work/outbox'
import { Tracker } from '@/work/tracker'
import '@/work/words'
import { momentOf } from '@/words/date'

const morning = momentOf('2026-11-23T09:00:00+08:00')
const at = (minutes: number) => morning + minutes * 60_000
const instant = (minutes: number) => new Date(at(minutes)).toISOString()
const words = { zh: '家庭保洁', en: 'Cleaning' }
const job = (over: Partial<Job> = {}): Job => ({
  order_id: 'a', version: 1, number: '123', order_state: 'confirmed', state: 'accepted', state_words: words, kind: 'housekeeping.cleaning', kind_name: words,
  is_now: true, start: instant(30), end: instant(150), from: instant(0), until: instant(60), minutes: 120,
  address: { text: '大化北院', detail: '3-2-501', point: { lat: 38.32, lon: 116.85 } }, resident: '林一', form: [], note: '',
  price_form: 'hourly', price_fen: 8000, pay_by: 'cash', code_needed: true, code_tries_left: 5, photos: false, pictures: [],
  actions: ['on_the_way', 'coming', 'arrived', 'start', 'give_back', 'fail', 'help', 'call'], timeline: [], travel_seconds: 600, ...over,
})
const offline = new ApiProblem(0, 'offline', '', '')
const refusal = (code: string, status = 409) => new ApiProblem(status, code, `title of ${code}`, `detail of ${code}`)

/** A phone whose signal, server and memory are the test. */
class Phone {
  memory: Unsent[] = []
  shelf = new Map<string, ArrayBuffer>()
  signal = true
  /** What the phone believes of its network. */
  online = true
  who: string | undefined = 'p'
  heard: { key: string; step: Deed['step']; at?: string; file?: string }[] = []
  answers: (ApiProblem | 'lost')[] = []
  uploads = 0
  keys = 0
  box = this.open()
  open() {
    return new Outbox({
      read: () => JSON.parse(JSON.stringify(this.memory)) as Unsent[],
      write: (all) => void (this.memory = JSON.parse(JSON.stringify(all)) as Unsent[]),
      who: () => this.who,
      online: () => this.online,
      send: async ({ key, deed, at: when }) => {
        if (!this.signal) throw offline
        const answer = this.answers.shift()
        if (answer instanceof ApiProblem) throw answer
        this.heard.push({ key, step: deed.step, at: when, ...(deed.step === 'picture' && { file: deed.file_id }) })
        if (answer === 'lost') throw offline
        return deed.step === 'picture' ? undefined : job({ version: this.heard.length })
      },
      upload: async () => {
        if (!this.signal) throw offline
        return `file${(this.uploads += 1)}`
      },
      pictures: { put: async (key, bytes) => void this.shelf.set(key, bytes), get: async (key) => this.shelf.get(key), drop: async (key) => void this.shelf.delete(key) },
      newKey: () => `key${(this.keys += 1)}`,
      wait: () => new Promise(() => {}),
    })
  }
  does(deed: Deed, minutes: number, order = 'a', bytes?: ArrayBuffer): Promise<Outcome> {
    return this.box.perform(order, words, deed, at(minutes), bytes)
  }
  steps = () => this.heard.map(({ step }) => step)
}

let phone: Phone
beforeEach(() => {
  phone = new Phone()
  language.value = 'zh'
})

describe('what is done with signal', () => {
  it('is told at once, with its own time, and leaves nothing behind', async () => {
    expect(await phone.does({ step: 'on_the_way' }, 5)).toMatchObject({ sent: true, job: { version: 1 } })
    expect(phone.heard).toEqual([{ key: 'key1', step: 'on_the_way', at: instant(5) }])
    expect(phone.memory).toEqual([])
  })
  it('is refused where it was tapped, which is seen: nothing is kept', async () => {
    phone.answers = [refusal('start_code_wrong')]
    expect(await phone.does({ step: 'start', code: '0000' }, 5)).toMatchObject({ problem: { code: 'start_code_wrong', title: 'title of start_code_wrong' } })
    expect(phone.memory).toEqual([])
  })
})

describe('what is done without signal', () => {
  const workWithout = async () => {
    phone.signal = false
    for (const [index, step] of (['on_the_way', 'arrived'] as const).entries()) expect(await phone.does({ step }, index * 10)).toEqual({ kept: true })
    await phone.does({ step: 'start', code: '1234' }, 20)
    return phone.does({ step: 'done' }, 80)
  }
  it('is kept and sent later in order, once, each with its own time', async () => {
    expect(await workWithout()).toEqual({ kept: true })
    expect(phone.steps()).toEqual([])
    phone.signal = true
    await Promise.all([phone.box.flush(), phone.box.flush(), phone.box.flush()])
    expect(phone.heard.map(({ step, at: when }) => [step, when])).toEqual([
      ['on_the_way', instant(0)], ['arrived', instant(10)], ['start', instant(20)], ['done', instant(80)],
    ])
    expect(phone.memory).toEqual([])
  })
  it('keeps nobody waiting where the phone knows that there is no network', async () => {
    phone.online = false
    expect(await phone.does({ step: 'arrived' }, 0)).toEqual({ kept: true })
    expect(phone.heard).toEqual([])
    phone.online = true
    await phone.does({ step: 'start', code: '1234' }, 5)
    expect(phone.steps()).toEqual(['arrived', 'start'])
  })
  it('outlives the app', async () => {
    await workWithout()
    phone.box = phone.open()
    expect(phone.box.list().map(({ deed }) => deed.step)).toEqual(['on_the_way', 'arrived', 'start', 'done'])
    phone.signal = true
    await phone.box.flush()
    expect(phone.steps()).toEqual(['on_the_way', 'arrived', 'start', 'done'])
  })
  it('is sent under the same key when only the answer was lost', async () => {
    phone.answers = ['lost']
    expect(await phone.does({ step: 'on_the_way' }, 0)).toEqual({ kept: true })
    await phone.box.flush()
    expect(phone.heard.map(({ key }) => key)).toEqual(['key1', 'key1'])
    expect(phone.heard[0]).toEqual(phone.heard[1])
  })
  it('goes on from the one that did not get through', async () => {
    await workWithout()
    phone.signal = true
    phone.answers = ['lost']
    await phone.box.flush()
    expect(phone.steps()).toEqual(['on_the_way'])
    await phone.box.flush()
    expect(phone.steps()).toEqual(['on_the_way', 'on_the_way', 'arrived', 'start', 'done'])
  })
  it('waits for a server that has too much to do, and for a login that has ended', async () => {
    for (const status of [429, 503, 401]) phone.answers.push(refusal('later', status))
    expect(await phone.does({ step: 'arrived' }, 0)).toEqual({ kept: true })
    await phone.box.flush()
    await phone.box.flush()
    expect(phone.memory[0]?.refused).toBeUndefined()
    await phone.box.flush()
    expect(phone.steps()).toEqual(['arrived'])
  })
  it('never lies before the step it follows, whatever the clock did meanwhile', async () => {
    phone.signal = false
    await phone.does({ step: 'arrived' }, 10)
    await phone.does({ step: 'start', code: '1234' }, 7)
    expect(phone.memory.map((one) => one.at)).toEqual([instant(10), instant(10)])
  })
  it('is nobody else’s business', async () => {
    await workWithout()
    phone.signal = true
    phone.who = 'other'
    expect(phone.box.list()).toEqual([])
    await phone.box.flush()
    expect(phone.steps()).toEqual([])
    phone.who = undefined
    expect(await phone.does({ step: 'done' }, 90)).toMatchObject({ problem: { status: 401 } })
    phone.who = 'p'
    await phone.box.flush()
    expect(phone.steps()).toHaveLength(4)
  })
})

describe('what the server says no to later', () => {
  beforeEach(async () => {
    phone.signal = false
    await phone.does({ step: 'start', code: '0000' }, 0)
    await phone.does({ step: 'picture', moment: 'after' }, 50, 'a', new ArrayBuffer(3))
    await phone.does({ step: 'done' }, 60)
    await phone.does({ step: 'arrived' }, 65, 'b')
    phone.signal = true
    phone.answers = [refusal('start_code_wrong')]
    await phone.box.flush()
  })
  it('is shown and kept until it was seen, and what follows it waits; other jobs go on', () => {
    expect(phone.heard.map(({ step }) => step)).toEqual(['arrived'])
    const [start, picture, done] = phone.box.list()
    expect(start?.refused).toEqual({ code: 'start_code_wrong', title: 'title of start_code_wrong', detail: 'detail of start_code_wrong' })
    expect([start, picture, done].map((one) => phone.box.isHeld(one!))).toEqual([false, true, true])
    expect(phone.open().list().map(({ refused }) => refused?.code)).toEqual(['start_code_wrong', undefined, undefined])
  })
  it('can be changed and sent again under another key, with its own time; the rest follows', async () => {
    await phone.box.retry('key1', { deed: { step: 'start', reason: '老人没带手机' } })
    expect(phone.heard.map(({ step, key }) => [step, key])).toEqual([['arrived', 'key4'], ['start', 'key5'], ['picture', 'key2'], ['done', 'key3']])
    expect(phone.heard[1]?.at).toBe(instant(0))
    expect([phone.memory, phone.shelf.size]).toEqual([[], 0])
  })
  it('can be let go: then what follows is sent', async () => {
    await phone.box.forget('key1')
    await phone.box.flush()
    expect(phone.steps()).toEqual(['arrived', 'picture', 'done'])
  })
  it('can be let go with all of its job', async () => {
    await phone.box.forgetJob('a')
    await phone.box.flush()
    expect([phone.steps(), phone.memory, phone.shelf.size]).toEqual([['arrived'], [], 0])
  })
})

describe('pictures without signal', () => {
  it('are sent once, and the same one is added however often it is tried', async () => {
    phone.signal = false
    await phone.does({ step: 'picture', moment: 'before' }, 0, 'a', new ArrayBuffer(8))
    expect(phone.shelf.size).toBe(1)
    phone.signal = true
    phone.answers = ['lost']
    await phone.box.flush()
    phone.box = phone.open()
    await phone.box.flush()
    expect(phone.uploads).toBe(1)
    expect(phone.heard.map(({ key, file }) => [key, file])).toEqual([['key1', 'file1'], ['key1', 'file1']])
    expect([phone.shelf.size, phone.memory]).toEqual([0, []])
  })
  it('that were refused keep no step waiting', async () => {
    phone.signal = false
    await phone.does({ step: 'picture', moment: 'after' }, 0, 'a', new ArrayBuffer(8))
    await phone.does({ step: 'done' }, 1)
    phone.signal = true
    phone.answers = [refusal('pictures_too_many')]
    await phone.box.flush()
    expect(phone.steps()).toEqual(['done'])
    expect(phone.memory.map(({ refused }) => refused?.code)).toEqual(['pictures_too_many'])
  })
  it('that are no longer on the phone are said to be lost', async () => {
    phone.signal = false
    await phone.does({ step: 'picture', moment: 'after' }, 0, 'a', new ArrayBuffer(8))
    phone.shelf.clear()
    phone.signal = true
    await phone.box.flush()
    expect(phone.memory[0]?.refused?.title).toBe('照片打不开')
  })
})

describe('a job as it will be', () => {
  const unsent = (deed: Deed, over: Partial<Unsent> = {}): Unsent => ({ key: 'k', who: 'p', order: 'a', what: words, at: instant(20), deed, ...over })
  it('is as it is where nothing waits', () => {
    expect(foreseen(job(), [])).toEqual(job())
    expect(foreseen(job(), [unsent({ step: 'done' }, { order: 'b' }), unsent({ step: 'start' }, { refused: { code: '', title: '', detail: '' } }), unsent({ step: 'picture', moment: 'after' })])).toEqual(job())
  })
  it('goes on with what waits, so that the next step can be done', () => {
    const going = foreseen(job(), [unsent({ step: 'on_the_way' }), unsent({ step: 'arrived' }), unsent({ step: 'start', code: '1234' })])
    expect(going).toMatchObject({ state: 'working', on_way_at: instant(20), arrived_at: instant(20), started_at: instant(20) })
    expect(going.actions).toEqual(['done', 'fail', 'photo', 'help', 'call'])
    const over = foreseen(going, [unsent({ step: 'done' })])
    expect(over).toMatchObject({ state: 'done', done_at: instant(20) })
    expect(over.actions).toEqual(['call'])
    expect(foreseen(job(), [unsent({ step: 'fail', reason: 'nobody_home' })]).state).toBe('failed')
  })
})

describe('the position of a job', () => {
  it('is wanted while they are on the way and the server knows', () => {
    const left: Unsent = { key: 'k', who: 'p', order: 'a', what: words, at: instant(0), deed: { step: 'on_the_way' } }
    expect([isSought(undefined, []), isSought(job(), []), isSought(job({ state: 'on_the_way' }), [])]).toEqual([false, false, true])
    expect([isSought(foreseen(job(), [left]), [left]), isSought(job({ state: 'on_the_way' }), [{ ...left, order: 'b' }])]).toEqual([false, true])
  })
})

describe('the day', () => {
  it('has what is in hand first, then today in order, then what comes later', () => {
    const [now, soon, evening, tomorrow] = [job({ order_id: 'now', state: 'working', start: instant(-60) }), job({ order_id: 'soon' }), job({ order_id: 'evening', start: instant(600) }), job({ order_id: 'tomorrow', start: instant(1_440) })]
    const { today, later } = dayPlan([tomorrow, evening, soon, now], morning)
    expect(today.map((one) => one.order_id)).toEqual(['now', 'soon', 'evening'])
    expect(later.map((one) => one.order_id)).toEqual(['tomorrow'])
    expect(dayPlan([job({ order_id: 'late', start: instant(-1_440) })], morning).today).toHaveLength(1)
  })
  it('says when to set out, and when somebody will wait', () => {
    expect(leaveAt(job())).toBe(at(20))
    expect(leaveAt(job({ travel_seconds: undefined }))).toBeUndefined()
    expect([0, 14, 16, 29, 31].map((minutes) => warningOf(job(), at(minutes)))).toEqual([undefined, undefined, 'leave', 'leave', 'late'])
    expect(warningOf(job({ travel_seconds: 3_000 }), at(0))).toBe('late')
    expect([29, 31].map((minutes) => warningOf(job({ state: 'on_the_way' }), at(minutes)))).toEqual([undefined, 'late'])
    expect(warningOf(job({ state: 'working' }), at(200))).toBeUndefined()
    expect([1, 60, 61].map(minutesOf)).toEqual([1, 1, 2])
  })
  it('counts an offer down by the server’s times', () => {
    const offer = { expires_at: instant(3) }
    expect(ringOf({}, morning)).toBeUndefined()
    expect(ringOf(offer, morning)).toEqual({ left: 180_000, part: 1, soon: false, clock: ['3', '00'] })
    expect(ringOf(offer, at(2.5))).toEqual({ left: 30_000, part: 1 / 6, soon: true, clock: ['0', '30'] })
    expect(ringOf(offer, at(9))).toMatchObject({ left: 0, part: 0, clock: ['0', '00'] })
    expect(ringOf({ expires_at: instant(6) }, at(0), 720_000)?.part).toBe(0.5)
  })
  it('says what a job pays and how', () => {
    expect([payOf({ price_form: 'free', price_fen: 0 }), payNote({ price_form: 'free', pay_by: 'free' })]).toEqual(['免费', '志愿服务，不收费'])
    expect([payOf({ price_form: 'hourly', price_fen: 8_000 }), payNote({ price_form: 'hourly', pay_by: 'cash' })]).toEqual(['¥80.00', '按小时，估计收'])
    expect(payNote({ price_form: 'fixed', pay_by: 'district' })).toBe('由区里支付')
    expect(['120', '120.5', ' 0.05 ', '12．50', '', '-3', '1,000', '1.234', 'x'].map(fenOf)).toEqual([12_000, 12_050, 5, 1_250, undefined, undefined, undefined, undefined, undefined])
  })
})

describe('the position', () => {
  const here = { lat: 38.32, lon: 116.85 }
  let sent: string[]
  let timers: (() => void)[]
  let answer: () => Promise<number | undefined>
  let place: { lat: number; lon: number } | undefined
  let tracker: Tracker
  const turn = async () => {
    for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
  }
  beforeEach(() => {
    ;[sent, timers, place] = [[], [], here]
    answer = async () => 300
    tracker = new Tracker(
      {
        locate: async () => place,
        send: async (order) => {
          sent.push(order)
          return answer()
        },
        later: (act) => {
          timers.push(act)
          return () => void (timers = timers.filter((one) => one !== act))
        },
      },
      10_000,
    )
  })
  const tick = async () => {
    const [act] = timers.splice(0, 1)
    act?.()
    await turn()
  }
  it('goes out while they are on the way, and not a moment longer', async () => {
    tracker.follow('a')
    tracker.follow('a')
    await turn()
    expect([tracker.state, tracker.secondsLeft, sent]).toEqual(['sent', 300, ['a']])
    await tick()
    expect(sent).toEqual(['a', 'a'])
    tracker.stop('b')
    await tick()
    tracker.stop('a')
    await tick()
    expect([tracker.state, sent.length, timers.length]).toEqual(['off', 3, 0])
  })
  it('stops when the server wants none, and goes on after a break', async () => {
    answer = async () => Promise.reject(offline)
    tracker.follow('a')
    await turn()
    expect([tracker.state, timers.length]).toEqual(['unsent', 1])
    answer = async () => Promise.reject(refusal('not_on_the_way'))
    await tick()
    expect([tracker.state, timers.length]).toEqual(['off', 0])
  })
  it('says where it is not to be had, and sends nothing that was asked for too late', async () => {
    place = undefined
    tracker.follow('a')
    await turn()
    expect([tracker.state, sent]).toEqual(['denied', []])
    place = here
    tracker.stop()
    tracker.follow('b')
    tracker.stop()
    await turn()
    expect(sent).toEqual([])
  })
})
