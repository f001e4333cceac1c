/** What the person will recognise this device by in the list of logins: "微信 iPhone", "Chrome Android". */
export function deviceName(): string {
  const info = uni.getSystemInfoSync() as { model?: string; deviceModel?: string; osName?: string; platform?: string; browserName?: string; hostName?: string }
  const program = info.browserName ?? info.hostName ?? ''
  const device = info.deviceModel ?? info.model ?? info.osName ?? info.platform ?? ''
  return `${program.charAt(0).toUpperCase()}${program.slice(1)} ${device}`.trim().slice(0, 60) || 'web'
}
