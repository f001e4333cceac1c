/** A key no other action has: 128 random bits in the usual writing (UUID version 4). */
export function newKey(random: () => number = Math.random): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * One key for one action of a person. A second tap, or a try after a broken connection, is the same action and sends the same key;
 * asking for something else is another action. Once the server has answered, the action is over.
 */
export class ActionKeys {
  private readonly open = new Map<string, { content: string; key: string }>()

  constructor(private readonly make: () => string = newKey) {}

  /** The key for doing `action` with that content. */
  keyFor(action: string, content: unknown): string {
    const written = JSON.stringify(content ?? null)
    const known = this.open.get(action)
    if (known?.content === written) return known.key
    const key = this.make()
    this.open.set(action, { content: written, key })
    return key
  }

  /** The server has answered with certainty: the next time is a new action. */
  settle(action: string): void {
    this.open.delete(action)
  }
}
