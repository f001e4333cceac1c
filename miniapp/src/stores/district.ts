import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api, learnServiceTime } from '@/api'
import type { Kind, Platform, Service } from '@/api/types'
import { momentOf } from '@/words/date'

/** What the district offers; it changes rarely and is asked for once a visit. */
export const useDistrict = defineStore('district', () => {
  const service = ref<Service>()
  const platforms = ref<Platform[]>()

  let asked: Promise<Service> | undefined

  /** Asked for by the application and by pages at the same moment: one request answers all; one that failed is made again. */
  function ensureService(): Promise<Service> {
    asked ??= api.get('/service').then(
      (fresh) => {
        learnServiceTime(momentOf(fresh.now))
        return (service.value = fresh)
      },
      (reason) => {
        asked = undefined
        throw reason
      },
    )
    return asked
  }

  async function ensurePlatforms(): Promise<Platform[]> {
    platforms.value ??= (await api.get('/platforms')).items
    return platforms.value
  }

  async function platform(key: string): Promise<Platform | undefined> {
    return (await ensurePlatforms()).find((p) => p.key === key)
  }

  async function kind(key: string): Promise<Kind | undefined> {
    return (await ensurePlatforms()).flatMap((p) => p.kinds).find((k) => k.key === key)
  }

  return { service, platforms, ensureService, ensurePlatforms, platform, kind }
})
