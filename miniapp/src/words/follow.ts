import type { Point } from '@/api/types'

/**
 * Hears where the phone is while somebody is on the way, in WeChat with the phone in the pocket too; answers with how to stop.
 * Whoever says no to that is followed while the mini-program is on the screen.
 */
export function followMe(heard: (point: Point) => void): () => void {
  // #ifdef MP-WEIXIN
  let over = false
  const hear = ({ latitude, longitude }: { latitude: number; longitude: number }) => heard({ lat: latitude, lon: longitude })
  const stop = () => wx.stopLocationUpdate({ fail: () => {} })
  const begun = (begin: (options: { type: string; success: () => void; fail: () => void }) => unknown) =>
    new Promise<boolean>((resolve) => void begin({ type: 'wgs84', success: () => resolve(true), fail: () => resolve(false) }))
  wx.onLocationChange(hear)
  void begun(wx.startLocationUpdateBackground)
    .then((both) => both || over || begun(wx.startLocationUpdate))
    .then(() => over && stop())
  return () => {
    over = true
    wx.offLocationChange(hear)
    stop()
  }
  // #endif
  // #ifndef MP-WEIXIN
  return () => {}
  // #endif
}
