// Line icons on a 24 × 24 field, drawn for this project: the paths only, so that a style can mask any colour with them.
const paths = {
  home: 'M4 11 12 4l8 7M6.5 9.5V20h11V9.5M10 20v-5.5h4V20',
  list: 'M7 4h10a2 2 0 0 1 2 2v14H5V6a2 2 0 0 1 2-2zM9 9h6M9 13h6M9 17h3',
  bell: 'M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  phone: 'M6 3.5h3l1.8 4.5-2 1.6a12 12 0 0 0 5.6 5.6l1.6-2 4.5 1.8v3a2 2 0 0 1-2.2 2C11 19.5 4.5 13 4 5.7a2 2 0 0 1 2-2.2z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.5l3.5 2',
  pin: 'M12 21.5s7-6.3 7-11.5a7 7 0 0 0-14 0c0 5.2 7 11.5 7 11.5zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  calendar: 'M5 6h14v14H5zM5 10.5h14M9 3.5V8M15 3.5V8',
  check: 'M5 12.5l4.8 4.8L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  warn: 'M12 4l9.5 16.5h-19zM12 10v5M12 17.6v.4',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.5v.4',
  letters: 'M3 18.5 8 6l5 12.5M4.8 14.5h6.4M14.5 18.5 17.7 10.5l3.3 8M15.6 16h4.2',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 12h17M12 3c3 2.6 3.8 5.6 3.8 9s-.8 6.4-3.8 9c-3-2.6-3.8-5.6-3.8-9S9 5.6 12 3z',
  shield: 'M12 3l7.5 3v5.5c0 4.7-3 7.9-7.5 9.5-4.5-1.6-7.5-4.8-7.5-9.5V6zM8.5 12l2.5 2.5 4.5-4.5',
  family: 'M8.5 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19.5c.5-3.6 2.6-5.5 5.5-5.5s5 1.9 5.5 5.5M17 13a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM16 15.6c2.7-.3 4.6 1.2 5 3.9',
  door: 'M6 21V4h9v17M4 21h16M12 12.5v.6M15 7h3v14',
  desk: 'M3 10h18M5 10v10M19 10v10M8 10V5h8v5M9 14h6',
  speaker: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15',
  swap: 'M4 8.5h14M14.5 5 18 8.5 14.5 12M20 15.5H6M9.5 12 6 15.5 9.5 19',
  add: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  camera: 'M4 8h4l1.5-2.5h5L16 8h4v11.5H4zM12 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  star: 'M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6-5.4-3-5.4 3 1.2-6-4.5-4.2 6.1-.7z',
  walk: 'M13 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM9 21.5l2-6.5-1.5-3L11 7.5l3 2.5 3.5.5M11 8 7.5 9.5 7 13M12 14l2.5 2.5 1 5',
  mail: 'M4 6h16v12.5H4zM4 7.5l8 6 8-6',
  file: 'M6.5 3.5h7l4.5 4.5v12.5H6.5zM13 4v4.5h4.5',
  download: 'M12 4v11M7.5 11l4.5 4.5L16.5 11M4.5 20h15',
  queue: 'M4 6.5h16M4 12h10M4 17.5h7M17 14v6M14 17h6',
  search: 'M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM15.6 15.6 20.5 20.5',
  heart: 'M12 20C7 16.4 3.5 13.3 3.5 9.2A4.4 4.4 0 0 1 8 4.8c1.7 0 3.1.9 4 2.4.9-1.5 2.3-2.4 4-2.4a4.4 4.4 0 0 1 4.5 4.4c0 4.1-3.5 7.2-8.5 10.8z',
  repeat: 'M17 3.5 20.5 7 17 10.5M20 7H8a4.5 4.5 0 0 0-4.5 4.5M7 20.5 3.5 17 7 13.5M4 17h12a4.5 4.5 0 0 0 4.5-4.5',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  chart: 'M4 20h16.5M6.5 20v-7M11 20V6M15.5 20V9.5M20 20v-4',
  copy: 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3l1.8 1.8M16.9 16.9l1.8 1.8M18.7 5.3l-1.8 1.8M7.1 16.9l-1.8 1.8',
  award: 'M12 15a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8.5 14 7 21l5-2.5L17 21l-1.5-7',
  // Named by the platforms' files (the police's `shield` stands above), and the tiles of the large home page.
  stethoscope: 'M6 3.5v5a4 4 0 0 0 8 0v-5M4.5 3.5H7M13 3.5h2.5M10 12.5v3a5 5 0 0 0 5 5 4 4 0 0 0 4-4v-2M19 14.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  elder: 'M10 8.5A2.5 2.5 0 1 0 10 3.5a2.5 2.5 0 0 0 0 5zM7 20.5l1.5-6-1.5-3c0-1.5 1.3-2.5 3-2.5s3 .8 3.5 2.5l2.5 1.5M11 14.5l2 6M17 12v8.5',
  book: 'M12 6.5c-2-1.5-5-2-8.5-2v13c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-13c-3.5 0-6.5.5-8.5 2zM12 6.5v13',
  seedling: 'M12 20.5v-9M12 13c0-4 2.5-6.5 7-6.5 0 4.5-2.5 7-7 6.5zM12 16c0-3.5-2-5.5-6.5-5.5 0 4 2.5 6 6.5 5.5z',
  scales: 'M12 4v16M7.5 20h9M5 7h14M5 7l-2.5 6.5h5zM19 7l-2.5 6.5h5z',
  music: 'M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
  broom: 'M14 3.5 12.5 11M8 11h8l2 9.5H6zM10 15.5v5M14 15.5v5',
  building: 'M4 20.5V8l7-4v16.5M11 9.5h9v11M2.5 20.5h19M7 10.5v.5M7 14.5v.5M15.5 13v.5M15.5 16.5v.5',
  meal: 'M4 12h16a8 8 0 0 1-5 7.5H9A8 8 0 0 1 4 12zM9 8.5c-1-1.5 1-2.5 0-4M13 8.5c-1-1.5 1-2.5 0-4',
  hand: 'M12 20.5c-4.5-3-8.5-6-8.5-10A4 4 0 0 1 7.5 6.5c2 0 3.5 1 4.5 2.6 1-1.6 2.5-2.6 4.5-2.6a4 4 0 0 1 4 4c0 4-4 7-8.5 10zM8 11.5l3 3 5-5',
} as const

export type IconName = keyof typeof paths

/** Whether there is an icon of that name: platforms are data, and a tenth one may not have been drawn. */
export function hasIcon(name: string): name is IconName {
  return name in paths
}

/** The icon as the address of a picture, for a mask. */
export function iconAddress(name: IconName, filled = false): string {
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='${filled ? 'black' : 'none'}' stroke='black' stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'><path d='${paths[name]}'/></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}
