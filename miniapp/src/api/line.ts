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
  private offSince = 0
  private stop: (() => void) | undefined

  constructor(
    private readonly probe: () => Promise<unknown>,
    private readonly later: (act: () => void, milliseconds: number) => () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** The device has a network, or none. That there is one does not mean that it leads anywhere. */
  device(connected: boolean): void {
    this.connected = connected
    if (!connected) {
      this.offSince = this.now()
      this.missed()
    }
    if (connected && this.lost.value) this.ask()
  }

  /** An answer came, whatever it says, to what was asked at `asked` (milliseconds since 1970 UTC). */
  heard(asked: number): void {
    // What was already under way when the device lost its network may still arrive: it tells of the time before.
    if (!this.connected && asked <= this.offSince) return
    this.stop?.()
    if (!this.lost.value) return
    this.lost.value = false
    this.returns.value += 1
  }

  /** No answer came. */
  missed(): void {
    this.lost.value = true
    this.askLater()
  }

  private askLater(): void {
    this.stop?.()
    // Without a network nothing needs to be tried: the device tells when there is one.
    if (this.connected) this.stop = this.later(() => this.ask(), PROBE)
  }

  private ask(): void {
    // An answer that takes too long is none either: it is asked again until one comes.
    void this.probe().catch(() => this.lost.value && this.askLater())
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
