import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '@/api'
import type { Kind, Platform, Service } from '@/api/types'

/** What the district offers; it changes rarely and is asked for once a visit. */
export const useDistrict = defineStore('district', () => {
  const service = ref<Service>()
  const platforms = ref<Platform[]>()

  async function ensureService(): Promise<Service> {
    service.value ??= await api.get('/service')
    return service.value
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
