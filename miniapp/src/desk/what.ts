/** What staff book for somebody: a time, a room from–to, or a seat. */
export interface What {
  start?: string
  end?: string
  unit_id?: string
  session_id?: string
  /** It, in words. */
  said: string
  /** Whether there is only a line to join. */
  waits: boolean
}
