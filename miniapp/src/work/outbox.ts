import { ApiProblem } from '@/api/problem'
import type { FailReason, Job, VisitState, Words } from '@/api/types'
import { t } from '@/i18n'
import { momentOf, type Moment } from '@/words/date'

// What was done without signal: kept on the phone with its own time, sent later in order, once.

export type Deed =
  | { step: 'on_the_way' }
  | { step: 'arrived' }
  | { step: 'start'; code?: string; reason?: string }
  | { step: 'done'; pay_received?: number; minutes_worked?: number }
  | { step: 'fail'; reason: FailReason; words?: string }
  | { step: 'picture'; moment: 'before' | 'after'; /** Once its bytes were sent. */ file_id?: string }

/** Something that was done and that the server does not know of yet. */
export interface Unsent {
  /** Names the deed: sent twice, it happens once. */
  key: string
  /** Whose phone it was then. */
  who: string
  order: string
  /** What kind of job it is, to be recognised by. */
  what: Words
  /** When it happened, by the server's clock: RFC 3339. Nothing where the server is to take its own. */
  at?: string
  deed: Deed
  /** The server has said no: kept until the person has seen it. */
  refused?: { code: string; title: string; detail: string }
}

/** How it reaches the server and the phone's memory. */
export interface OutboxPorts {
  read(): Unsent[]
  write(all: readonly Unsent[]): void
  /** Who uses the phone now; nothing is sent for anybody else. */
  who(): string | undefined
  /** Whether the phone says that there is a network: where it says no, nobody is kept waiting. */
  online(): boolean
  /** Sends one; answers with the job as it is now, where the server tells. */
  send(one: Unsent): Promise<Job | undefined>
  /** Sends the bytes of a picture; answers with its id. */
  upload(bytes: ArrayBuffer): Promise<string>
  pictures: {
    put(key: string, bytes: ArrayBuffer): Promise<void>
    get(key: string): Promise<ArrayBuffer | undefined>
    drop(key: string): Promise<void>
  }
  newKey(): string
  wait(milliseconds: number): Promise<void>
}

/** What came of a deed: the server knows; it is kept for later; the server said no. */
export type Outcome = { sent: true; job?: Job } | { kept: true } | { problem: ApiProblem }

/** Whoever taps is not kept waiting for longer than this. Milliseconds. */
const PATIENCE = 5_000

/** Whether the server has not decided: no signal, no server, or a login that has to be renewed first. */
export const isUndecided = ({ status }: ApiProblem): boolean => status === 0 || status >= 500 || status === 429 || status === 401

export class Outbox {
  private all: Unsent[]
  private running: Promise<void> | undefined
  /** Told whenever something is added, sent or refused; with the job where the server told it. */
  onChange: (job?: Job) => void = () => {}

  constructor(private readonly ports: OutboxPorts) {
    this.all = ports.read()
  }

  /** What waits, of whoever uses the phone now, in order. */
  list(): readonly Unsent[] {
    const who = this.ports.who()
    return this.all.filter((one) => one.who === who)
  }

  /** Does something: told to the server at once where that is possible, kept for later where it is not. */
  async perform(order: string, what: Words, deed: Deed, at: Moment, bytes?: ArrayBuffer): Promise<Outcome> {
    const who = this.ports.who()
    if (who === undefined) return { problem: new ApiProblem(401, 'unauthorized', '', '') }
    const key = this.ports.newKey()
    if (bytes) await this.ports.pictures.put(key, bytes)
    // A step never lies before the one it follows, whatever the phone's clock did meanwhile.
    const last = this.list().filter((one) => one.order === order).reduce((latest, one) => Math.max(latest, one.at ? momentOf(one.at) : 0), 0)
    this.change([...this.all, { key, who, order, what, at: new Date(Math.max(at, last)).toISOString(), deed }])
    if (!this.ports.online()) return { kept: true }
    let answered: Job | undefined
    const hear = (one: Unsent, job: Job | undefined) => {
      if (one.key === key) answered = job
    }
    await Promise.race([this.flush(hear), this.ports.wait(PATIENCE)])
    const mine = this.all.find((one) => one.key === key)
    if (!mine) return { sent: true, job: answered }
    if (!mine.refused) return { kept: true }
    // Said right where it was tapped: that is seen.
    await this.forget(key)
    return { problem: new ApiProblem(409, mine.refused.code, mine.refused.title, mine.refused.detail) }
  }

  /** Sends what can be sent. Called twice it runs once; what was added meanwhile goes along. */
  flush(hear: (one: Unsent, job: Job | undefined) => void = () => {}): Promise<void> {
    const run = async () => {
      for (let next = this.next(); next; next = this.next()) {
        try {
          const job = await this.deliver(next)
          const { key, deed } = next
          this.change(this.all.filter((one) => one.key !== key), job)
          if (deed.step === 'picture') await this.ports.pictures.drop(key).catch(() => undefined)
          hear(next, job)
        } catch (reason) {
          const problem = reason instanceof ApiProblem ? reason : new ApiProblem(400, 'page', t('problem.page.title'), t('problem.page.detail'))
          if (isUndecided(problem)) return
          this.edit(next.key, { refused: { code: problem.code, title: problem.title, detail: problem.detail } })
        }
      }
    }
    // One after the other: whoever asks while it runs also has what they added looked at.
    const mine = (this.running ?? Promise.resolve()).then(run)
    this.running = mine
    return mine
  }

  /** The next that may be sent: nothing follows a step of the same job that was refused. */
  private next(): Unsent | undefined {
    const held = new Set<string>()
    for (const one of this.list()) {
      if (one.refused) {
        if (one.deed.step !== 'picture') held.add(one.order)
      } else if (!held.has(one.order)) {
        return one
      }
    }
    return undefined
  }

  /** Whether it waits for the person to decide about a step before it. */
  isHeld({ key, order }: Unsent): boolean {
    for (const one of this.list()) {
      if (one.key === key) return false
      if (one.order === order && one.refused && one.deed.step !== 'picture') return true
    }
    return false
  }

  private async deliver(one: Unsent): Promise<Job | undefined> {
    if (one.deed.step !== 'picture' || one.deed.file_id !== undefined) return this.ports.send(one)
    const bytes = await this.ports.pictures.get(one.key)
    if (!bytes) throw new ApiProblem(410, 'picture_lost', t('picture.lost'), '')
    const deed = { ...one.deed, file_id: await this.ports.upload(bytes) }
    // Written down before it is added: a second try adds the same picture.
    this.edit(one.key, { deed })
    return this.ports.send({ ...one, deed })
  }

  /** Tries a refused one again, changed: that is another deed under another key, at the same place in the row. */
  async retry(key: string, change: Partial<Pick<Unsent, 'deed' | 'at'>> = {}): Promise<void> {
    const old = this.all.find((one) => one.key === key)
    if (!old) return
    const fresh: Unsent = { ...old, ...change, key: this.ports.newKey(), refused: undefined }
    if (fresh.deed.step === 'picture') {
      const bytes = await this.ports.pictures.get(key)
      if (bytes) await this.ports.pictures.put(fresh.key, bytes)
      await this.ports.pictures.drop(key)
    }
    this.change(this.all.map((one) => (one.key === key ? fresh : one)))
    await this.flush()
  }

  /** Seen, and not to be sent. */
  async forget(key: string): Promise<void> {
    this.change(this.all.filter((one) => one.key !== key))
    await this.ports.pictures.drop(key).catch(() => undefined)
  }

  /** Nothing more of that job is to be sent. */
  async forgetJob(order: string): Promise<void> {
    for (const { key } of this.list().filter((one) => one.order === order)) await this.forget(key)
  }

  private edit(key: string, part: Partial<Unsent>) {
    this.change(this.all.map((one) => (one.key === key ? { ...one, ...part } : one)))
  }

  private change(all: Unsent[], job?: Job) {
    this.all = all
    this.ports.write(all)
    this.onChange(job)
  }
}

const ACTIONS: Partial<Record<VisitState, readonly string[]>> = {
  accepted: ['on_the_way', 'coming', 'arrived', 'start', 'give_back', 'fail'],
  on_the_way: ['arrived', 'start', 'give_back', 'fail'],
  arrived: ['start', 'give_back', 'fail', 'photo'],
  working: ['done', 'fail', 'photo'],
}
const AFTER: Record<Exclude<Deed['step'], 'picture'>, VisitState> = {
  on_the_way: 'on_the_way',
  arrived: 'arrived',
  start: 'working',
  done: 'done',
  fail: 'failed',
}

/** A job as it will be once everything that waits was sent. */
export function foreseen(job: Job, waiting: readonly Unsent[]): Job {
  let seen = job
  for (const { order, at, deed, refused } of waiting) {
    if (order !== job.order_id || refused || deed.step === 'picture') continue
    const state = AFTER[deed.step]
    const others = job.actions.filter((action) => ['help', 'call', 'quote'].includes(action))
    seen = { ...seen, state, actions: [...(ACTIONS[state] ?? []), ...others.filter((action) => action !== 'help' || ACTIONS[state])] }
    if (deed.step === 'on_the_way') seen = { ...seen, on_way_at: at }
    if (deed.step === 'arrived') seen = { ...seen, arrived_at: at }
    if (deed.step === 'start') seen = { ...seen, started_at: at }
    if (deed.step === 'done' || deed.step === 'fail') seen = { ...seen, done_at: at }
  }
  return seen
}

/** Whether the position is wanted: they are on the way, and the server knows. `job`: as it will be. */
export const isSought = (job: Job | undefined, waiting: readonly Unsent[]): boolean =>
  job?.state === 'on_the_way' && !waiting.some(({ order, deed }) => order === job.order_id && deed.step === 'on_the_way')
