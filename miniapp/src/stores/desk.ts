import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, serverNow } from '@/api'
import type { HelpCall } from '@/api/staff'
import type { DeskPerson } from '@/api/types'
import { deskMatters, deskVisits, deskWorkers, help } from '@/api/watch'
import { useLoad } from '@/composables/load'
import type { PageName } from '@/navigation'
import { doorsFor, type DoorGroup } from '@/staff/doors'
import { dayOf } from '@/words/date'
import { useDistrict } from './district'
import { useSession } from './session'

/** Counts younger than this are not asked for again when another page opens. Milliseconds. */
const FRESH = 20_000

/** So much waits behind a door. */
export interface Wait {
  count: number
  /** There is more than was counted. */
  more?: boolean
  /** Somebody must look now. */
  urgent?: boolean
}

/** What the staff's pages share: which doors are open to the person, and what waits behind them. Outlives each page. */
export const useDesk = defineStore('desk', () => {
  const session = useSession()
  const district = useDistrict()
  const area = computed(() => session.me?.roles.find((role) => role.area_code !== undefined)?.area_code)

  const offerings = useLoad(async () => {
    const [items] = await Promise.all([api.get('/desk/offerings').then((found) => found.items), district.ensurePlatforms(), session.ensure()])
    return items
  })
  const overview = useLoad(async () => {
    const code = area.value
    return code === undefined ? undefined : api.get('/desk/overview', { query: { area: code, day: dayOf(serverNow()) } })
  })
  const kinds = computed(() => (district.platforms ?? []).flatMap((platform) => platform.kinds))
  const doors = shallowRef<DoorGroup[]>([])
  const open = () => (offerings.value ? doorsFor({ offerings: offerings.value, kinds: kinds.value, areaStaff: session.areaStaff, manager: session.manager }) : [])
  watch(open, (now) => (doors.value = now), { immediate: true, flush: 'sync' })

  const waits = reactive<Partial<Record<PageName, Wait>>>({})
  const calls = ref<HelpCall[]>([])
  let looked = 0

  /** Each count by itself: one that fails leaves what was known, and the page behind the door says why. */
  const counters: Partial<Record<PageName, () => Promise<Wait>>> = {
    deskRequests: async () => ({ count: (await api.get('/desk/requests')).items.length }),
    deskCalls: async () => {
      await overview.refresh()
      return { count: overview.value?.totals.calls ?? 0 }
    },
    watchVisits: async () => {
      const found = await Promise.all([deskVisits.list('unmatched', undefined), deskVisits.list('late', undefined)])
      const ids = new Set(found.flatMap(({ items }) => items.map(({ job }) => job.order_id)))
      return { count: ids.size, more: found.some(({ more }) => more) }
    },
    watchHelp: async () => {
      calls.value = await help.open()
      return { count: calls.value.length, urgent: calls.value.some((call) => !call.taken_by) }
    },
    watchMatters: async () => {
      const { items, next } = await deskMatters.list({ state: 'late' })
      return { count: items.length, more: next !== undefined }
    },
    watchRatings: async () => {
      const { items, next } = await deskMatters.reports()
      return { count: items.length, more: next !== undefined }
    },
    watchWorkers: async () => {
      const { items, next } = await deskWorkers.list({ state: 'waiting' })
      return { count: items.length, more: next !== undefined }
    },
  }
  async function count(page: PageName) {
    const wait = await counters[page]?.().catch(() => undefined)
    if (wait) waits[page] = wait
  }

  /** Learns what is open to the person, once, and what waits, as often as that is worth asking. */
  async function look(now = false): Promise<void> {
    if (!session.signedIn) return
    if (offerings.state !== 'ready') await offerings.refresh()
    if (offerings.state !== 'ready' || (!now && Date.now() - looked < FRESH)) return
    looked = Date.now()
    await Promise.all(doors.value.flatMap((group) => group.doors.map((door) => count(door.page))))
  }

  // Whoever else logs in here begins with their own.
  watch(
    () => session.token,
    () => {
      looked = 0
      calls.value = []
      offerings.value = undefined
      overview.value = undefined
      for (const page of Object.keys(waits) as PageName[]) delete waits[page]
    },
  )

  const carried = ref<DeskPerson>()
  /** Takes a person who was found along to the next page. */
  function carry(person: DeskPerson) {
    carried.value = person
  }
  /** The person who was brought along, once. */
  function brought(): DeskPerson | undefined {
    const person = carried.value
    carried.value = undefined
    return person
  }

  /** How far the list of doors was scrolled on the last page. */
  const scrolled = ref(0)

  return { offerings, overview, doors, waits, calls, look, count, carry, brought, scrolled }
})
