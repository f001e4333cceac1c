import type { BarSeriesOption } from 'echarts/charts'
import type { ComposeOption } from 'echarts/core'
import type { GridComponentOption, LegendComponentOption } from 'echarts/components'
import type { FiguresRow } from '@/api/staff'
import { percent } from './figures'

// Figures as charts: what is drawn, without how. Bars lie down, since the names of places are long.

export type ChartOption = ComposeOption<BarSeriesOption | GridComponentOption | LegendComponentOption>

/** The colours and the size of type on the screen now, as the tokens have them. */
export interface Looks {
  ink: string
  quiet: string
  line: string
  accent: string
  grey: string
  amber: string
  size: number
}

/** One group of bars, a bar of each colour. */
export interface Bars {
  names: string[]
  series: { name: string; values: number[]; colour: 'accent' | 'grey' | 'amber' }[]
  /** What a full bar stands for; otherwise the longest one is full. */
  full?: number
}

/** More lines than this are for the table. */
export const MOST = 12

const most = (rows: readonly FiguresRow[]) => [...rows].sort((a, b) => b.requests - a.requests).slice(0, MOST)
type Name = (row: FiguresRow) => string
type SeriesName = (key: 'requests' | 'matched' | 'done') => string

/** What was asked for, what somebody took, what was done. */
export function requestBars(rows: readonly FiguresRow[], name: Name, series: SeriesName): Bars {
  const shown = most(rows).filter((row) => row.requests > 0)
  const bar = (key: 'requests' | 'matched' | 'done', colour: Bars['series'][number]['colour']) => ({ name: series(key), values: shown.map((row) => row[key]), colour })
  return { names: shown.map(name), series: [bar('requests', 'grey'), bar('matched', 'amber'), bar('done', 'accent')] }
}

/** Minutes within which half were taken; whole ones, and never none. */
export const responseMinutes = (row: FiguresRow): number | undefined => (row.median_response_seconds === undefined ? undefined : Math.max(1, Math.round(row.median_response_seconds / 60)))

export function responseBars(rows: readonly FiguresRow[], name: Name, series: string): Bars {
  const shown = most(rows).flatMap((row) => {
    const minutes = responseMinutes(row)
    return minutes === undefined ? [] : [{ row, minutes }]
  })
  return { names: shown.map(({ row }) => name(row)), series: [{ name: series, values: shown.map(({ minutes }) => minutes), colour: 'accent' }] }
}

/** The satisfied among those who rated, in percent; lines too few rated are left out, as the server leaves them out. */
export const satisfiedShare = (row: FiguresRow): number | undefined => (row.satisfied === undefined || row.rated === 0 ? undefined : percent(row.satisfied / row.rated))

export function satisfiedBars(rows: readonly FiguresRow[], name: Name, series: string): Bars {
  const shown = most(rows).flatMap((row) => {
    const share = satisfiedShare(row)
    return share === undefined ? [] : [{ row, share }]
  })
  return { names: shown.map(({ row }) => name(row)), series: [{ name: series, values: shown.map(({ share }) => share), colour: 'accent' }], full: 100 }
}

/** How high a chart is. Pixels. */
export function heightOf(bars: Bars, looks: Pick<Looks, 'size'>): number {
  const bar = Math.round(looks.size * 1.25)
  return bars.names.length * (bars.series.length * bar + bar) + (bars.series.length > 1 ? 3 : 1) * bar
}

/** As the chart library wants it. Every bar says its number: nobody has to guess from a scale, or by colour alone. */
export function optionOf({ names, series, full }: Bars, looks: Looks): ChartOption {
  const font = { color: looks.ink, fontSize: looks.size }
  return {
    animation: false,
    legend: { show: series.length > 1, top: 0, left: 0, itemGap: 16, selectedMode: false, textStyle: font },
    grid: { left: 0, right: looks.size * 3, top: series.length > 1 ? looks.size * 2.5 : 0, bottom: 0, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'value', min: 0, max: full, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: looks.line } },
      axisLabel: { ...font, width: looks.size * 8, overflow: 'break', interval: 0 },
    },
    series: series.map((one) => ({
      type: 'bar',
      name: one.name,
      data: one.values,
      barGap: '10%',
      barCategoryGap: '35%',
      barMaxWidth: looks.size * 1.4,
      itemStyle: { color: looks[one.colour], borderRadius: [0, 4, 4, 0] },
      label: { show: true, position: 'right', ...font },
      silent: true,
    })),
  }
}
