/** Where the device is, WGS-84; nothing when the person or the device says no. */
export function whereAmI(): Promise<{ lat: number; lon: number } | undefined> {
  return new Promise((resolve) => {
    uni.getLocation({
      type: 'wgs84',
      success: ({ latitude, longitude }) => resolve({ lat: latitude, lon: longitude }),
      fail: () => resolve(undefined),
    })
  })
}
