import { ref } from 'vue'

/** How often it is asked whether the line is back. Milliseconds. */
const PROBE = 5_000

/**
 * Whether the server can be reached: as the device tells of its network, and as requests find out that a network leads nowhere.
 * `returns` counts how often the line came back: whoever missed something watches it.
 */
export class Line {
  readonly lost = ref(false)
  readonly returns = ref(0)
  private connected = true
  private stop: (() => void) | undefined

  constructor(
    private readonly probe: () => Promise<unknown>,
    private readonly later: (act: () => void, milliseconds: number) => () => void,
  ) {}

  /** The device has a network, or none. That there is one does not mean that it leads anywhere. */
  device(connected: boolean): void {
    this.connected = connected
    if (!connected) this.missed()
    else if (this.lost.value) this.ask()
  }

  /** An answer came, whatever it says. */
  heard(): void {
    this.stop?.()
    if (!this.lost.value) return
    this.lost.value = false
    this.returns.value += 1
  }

  /** No answer came. */
  missed(): void {
    this.lost.value = true
    this.stop?.()
    // Without a network nothing needs to be tried: the device tells when there is one.
    if (this.connected) this.stop = this.later(() => this.ask(), PROBE)
  }

  private ask(): void {
    void this.probe().catch(() => undefined)
  }
}

/** Tells the line what the device knows of its network, from now on. */
export function listenToDevice(line: Line): void {
  // #ifdef H5
  window.addEventListener('online', () => line.device(true))
  window.addEventListener('offline', () => line.device(false))
  if (!navigator.onLine) line.device(false)
  // #endif
  // #ifndef H5
  uni.onNetworkStatusChange(({ isConnected }) => line.device(isConnected))
  uni.getNetworkType({ success: ({ networkType }) => networkType === 'none' && line.device(false) })
  // #endif
}
