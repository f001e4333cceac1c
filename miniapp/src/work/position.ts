import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { serverNow } from '@/api'
import type { Point } from '@/api/types'
import { work } from '@/api/work'
import { followMe } from '@/words/follow'
import { whereAmI } from '@/words/where'
import { Tracker, type TrackState } from './tracker'

/** How often the position is told. Milliseconds. */
let every = 10_000
// #ifdef MP-WEIXIN
// WeChat looks anew only twice a minute.
every = 30_000
// #endif

/** The one position of this phone, for every page of work. */
export const usePosition = defineStore('position', () => {
  const state = ref<TrackState>('off')
  const point = shallowRef<Point>()
  const secondsLeft = ref<number>()
  /** Where the phone was heard to be, and when. */
  let heard: { point: Point; at: number } | undefined
  const tracker = new Tracker({
    // What was just heard needs not be asked for.
    locate: async () => (heard && Date.now() - heard.at < every ? heard.point : whereAmI()),
    watch: (moved) => {
      const stop = followMe((next) => {
        heard = { point: next, at: Date.now() }
        moved()
      })
      return () => {
        heard = undefined
        stop()
      }
    },
    send: async (order, here) => (await work.position(order, { point: here, at: new Date(serverNow()).toISOString() })).seconds_left,
    later: (act, milliseconds) => {
      const timer = setTimeout(act, milliseconds)
      return () => clearTimeout(timer)
    },
  }, every)
  tracker.onChange = () => {
    state.value = tracker.state
    point.value = tracker.point
    secondsLeft.value = tracker.secondsLeft
  }
  return { state, point, secondsLeft, follow: (order: string) => tracker.follow(order), stop: (order?: string) => tracker.stop(order) }
})
