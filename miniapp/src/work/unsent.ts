import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { serverNow } from '@/api'
import { newKey } from '@/api/idempotency'
import type { Job, JobOffer, Words } from '@/api/types'
import { pictures } from '@/api/visits'
import { steps } from '@/api/work'
import { UNSENT, useWorker } from '@/stores/worker'
import { Outbox, type Deed, type Unsent } from './outbox'
import { dropPicture, getPicture, putPicture } from './shelf'

const JOBS = 'linli.jobs'
/** While something waits it is tried again so often. Milliseconds. */
const AGAIN = 15_000

const isOver = ({ state }: Job): boolean => !['accepted', 'on_the_way', 'arrived', 'working'].includes(state)

async function send({ order, at, key, deed }: Unsent): Promise<Job | undefined> {
  if (deed.step === 'on_the_way' || deed.step === 'arrived') return steps[deed.step](order, at, key)
  if (deed.step === 'start') return steps.start(order, { code: deed.code, reason: deed.reason, at }, key)
  if (deed.step === 'done') return steps.done(order, { at, pay_received: deed.pay_received, minutes_worked: deed.minutes_worked }, key)
  if (deed.step === 'fail') return steps.fail(order, { reason: deed.reason, words: deed.words, at }, key)
  await steps.picture(order, { file_id: deed.file_id ?? '', moment: deed.moment, at }, key)
  return undefined
}

interface Remembered {
  who: string
  jobs: Job[]
  /** Why they were asked, by the job: told with the offer and not again. */
  why?: Record<string, Words[]>
}

/** What was done and waits for signal, and the jobs the phone remembers so that they can be done without. */
export const useUnsent = defineStore('unsent', () => {
  const worker = useWorker()
  let connected = true
  function online(): boolean {
    // #ifdef H5
    connected = navigator.onLine
    // #endif
    return connected
  }
  const box = new Outbox({
    read: () => {
      const all: unknown = uni.getStorageSync(UNSENT)
      return Array.isArray(all) ? (all as Unsent[]) : []
    },
    write: (all) => uni.setStorageSync(UNSENT, JSON.parse(JSON.stringify(all))),
    who: () => worker.person,
    online,
    send,
    upload: async (bytes) => (await pictures.send(bytes)).id,
    pictures: { put: putPicture, get: getPicture, drop: dropPicture },
    newKey,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  })
  /** The job the server told last, for the page that shows it. */
  const told = shallowRef<Job>()
  const items = shallowRef<readonly Unsent[]>(box.list())
  /** What the server said no to, and nobody has looked at yet. */
  const refused = shallowRef<readonly Unsent[]>([])
  function look() {
    items.value = box.list()
    refused.value = items.value.filter((one) => one.refused)
    jobs.value = remembered.value && remembered.value.who === worker.person ? remembered.value.jobs : []
  }
  box.onChange = (job) => {
    // Known before what was sent is forgotten: between the two it would seem undone.
    if (job) told.value = job
    look()
    if (job) learn([job])
    again()
  }

  const of = (order: string) => items.value.filter((one) => one.order === order)

  let timer: ReturnType<typeof setTimeout> | undefined
  function again() {
    clearTimeout(timer)
    if (box.list().some((one) => !one.refused)) timer = setTimeout(() => void flush(), AGAIN)
  }
  async function flush(): Promise<void> {
    await box.flush()
    again()
  }

  let started = false
  /** From the first page of work on: whatever waits is sent as soon as there is signal. */
  function start() {
    if (!started) {
      uni.onNetworkStatusChange(({ isConnected }) => {
        connected = isConnected
        if (isConnected) void flush()
      })
    }
    started = true
    void flush()
  }

  const remembered = shallowRef<Remembered | undefined>(read())
  function read(): Remembered | undefined {
    const value: unknown = uni.getStorageSync(JOBS)
    return typeof value === 'object' && value !== null ? (value as Remembered) : undefined
  }
  const jobs = shallowRef<readonly Job[]>([])
  const whys = (): Record<string, Words[]> => (remembered.value && remembered.value.who === worker.person ? remembered.value.why ?? {} : {})
  function remember(next: Job[]) {
    if (worker.person === undefined) return
    const why = Object.fromEntries(Object.entries(whys()).filter(([order]) => next.some((job) => job.order_id === order)))
    remembered.value = { who: worker.person, jobs: next, why }
    look()
    uni.setStorageSync(JOBS, JSON.parse(JSON.stringify(remembered.value)))
  }
  /** Takes up what the server says of some jobs. What is over is not remembered: it is no longer this phone's business. */
  function learn(some: readonly Job[]) {
    const fresh = new Map(some.map((job) => [job.order_id, job]))
    const others = jobs.value.filter((job) => !fresh.has(job.order_id))
    remember([...others, ...some.filter((job) => !isOver(job))].sort((a, b) => a.start.localeCompare(b.start)))
  }
  /** Takes up all the open ones there are; of each, what only the page of one job is told stays known. */
  function learnAll(open: readonly Job[]) {
    const before = new Map(jobs.value.map((job) => [job.order_id, job]))
    remember(open.map((job) => ({ ...job, pictures: before.get(job.order_id)?.pictures ?? [], timeline: before.get(job.order_id)?.timeline ?? [] })))
  }
  /** A job that was accepted, with what its offer said. */
  function won(accepted: Job, offer: JobOffer) {
    learn([accepted])
    if (!remembered.value) return
    remembered.value = { ...remembered.value, why: { ...whys(), [accepted.order_id]: offer.reasons } }
    uni.setStorageSync(JOBS, JSON.parse(JSON.stringify(remembered.value)))
  }
  const why = (id: string): readonly Words[] => whys()[id] ?? []
  const job = (id: string): Job | undefined => jobs.value.find((one) => one.order_id === id)

  // Somebody else may use this phone next.
  watch(() => worker.person, look, { immediate: true })

  const perform = (order: string, what: Words, deed: Deed, bytes?: ArrayBuffer) => box.perform(order, what, deed, serverNow(), bytes)

  return {
    items, refused, told, of, start, flush, perform, jobs, job, why, won, learn, learnAll,
    isHeld: (one: Unsent) => box.isHeld(one),
    retry: (key: string, change?: Partial<Pick<Unsent, 'deed' | 'at'>>) => box.retry(key, change),
    forget: (key: string) => box.forget(key),
    forgetJob: (order: string) => box.forgetJob(order),
  }
})
