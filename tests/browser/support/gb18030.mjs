// Chinese as older spreadsheets write it: two bytes a character. Node reads it and does not write it, so the table is turned round.
const table = new Map()
const decoder = new TextDecoder('gb18030')
for (let first = 0x81; first <= 0xfe; first += 1) {
  for (let second = 0x40; second <= 0xfe; second += 1) {
    if (second === 0x7f) continue
    const character = decoder.decode(Uint8Array.of(first, second))
    if ([...character].length === 1 && !table.has(character)) table.set(character, [first, second])
  }
}

/** The text in GB 18030; characters of four bytes are not needed here. */
export function gb18030(text) {
  return Buffer.from([...text].flatMap((character) => (character < '\u0080' ? [character.charCodeAt(0)] : table.get(character))))
}
