import type { ApiProblem } from '@/api/problem'
import type { Point } from '@/api/types'

// Where whoever is on the way is, told to whoever waits: while they are on the way, and not a moment longer.

/** What has become of the position: not wanted, sent, not to be had, not sent for now. */
export type TrackState = 'off' | 'sent' | 'denied' | 'unsent'

export interface TrackerPorts {
  locate(): Promise<Point | undefined>
  /** Answers with the seconds that are left of the way, where they are known. */
  send(order: string, point: Point): Promise<number | undefined>
  later(act: () => void, milliseconds: number): () => void
  /** Told whenever the phone has moved, also while its clock sleeps in a pocket; answers with how to stop. */
  watch?(moved: () => void): () => void
}

export class Tracker {
  state: TrackState = 'off'
  /** Where the phone was last. */
  point: Point | undefined
  secondsLeft: number | undefined
  onChange: () => void = () => {}
  private order: string | undefined
  private cancel: (() => void) | undefined
  private turn = 0
  private unwatch: (() => void) | undefined
  private lastTold = 0

  /** `every`: told so often, in milliseconds. The server takes one in three seconds. */
  constructor(
    private readonly ports: TrackerPorts,
    private readonly every: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Begins with a job, or goes on with it. */
  follow(order: string): void {
    if (this.order === order) return
    this.stop()
    this.order = order
    this.unwatch = this.ports.watch?.(() => this.moved())
    void this.tell()
  }

  /** They are there, or it is no longer theirs; or another job is. */
  stop(order?: string): void {
    if (order !== undefined && order !== this.order) return
    this.turn += 1
    this.cancel?.()
    this.cancel = undefined
    this.unwatch?.()
    this.unwatch = undefined
    this.order = undefined
    this.change('off')
    this.secondsLeft = undefined
  }

  /** The clock should have told by now: it sleeps. */
  private moved(): void {
    if (this.now() - this.lastTold < this.every) return
    this.cancel?.()
    void this.tell()
  }

  private async tell(): Promise<void> {
    const [mine, order] = [(this.turn += 1), this.order]
    this.lastTold = this.now()
    if (order === undefined) return
    const point = await this.ports.locate()
    if (mine !== this.turn) return
    if (point) {
      this.point = point
      try {
        const left = await this.ports.send(order, point)
        if (mine !== this.turn) return
        this.secondsLeft = left ?? this.secondsLeft
        this.change('sent')
      } catch (reason) {
        if (mine !== this.turn) return
        const { status } = reason as ApiProblem
        // Not on the way any more, no longer theirs, or nobody is logged in.
        if (status === 401 || status === 404 || status === 409) return this.stop()
        this.change('unsent')
      }
    } else {
      this.change('denied')
    }
    this.cancel = this.ports.later(() => void this.tell(), this.every)
  }

  private change(state: TrackState) {
    this.state = state
    this.onChange()
  }
}
