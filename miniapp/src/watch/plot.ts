import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
// #ifdef MP-WEIXIN
import { setPlatformAPI } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
// #endif
// #ifndef MP-WEIXIN
import { SVGRenderer } from 'echarts/renderers'
// #endif
import type { ChartOption } from './charts'

// The chart library, and only what is drawn with it. Lines on the web page, a canvas in the mini-program.
use([BarChart, GridComponent, LegendComponent])
// #ifdef MP-WEIXIN
use([CanvasRenderer])
// #endif
// #ifndef MP-WEIXIN
use([SVGRenderer])
// #endif

export interface Plot {
  draw(option: ChartOption, size: { width: number; height: number }): void
  end(): void
}

/** WeChat's canvas, as far as it is handed over. */
interface Canvas {
  addEventListener?: () => void
  removeEventListener?: () => void
}

/** Begins a chart on an element of the page, or on a canvas of WeChat's. */
export function begin(ground: unknown, size: { width: number; height: number }, pixels: number): Plot {
  // #ifdef MP-WEIXIN
  const canvas = ground as Canvas
  // The library listens to the mouse; a canvas of WeChat's has no such thing.
  canvas.addEventListener ??= () => {}
  canvas.removeEventListener ??= () => {}
  setPlatformAPI({ createCanvas: () => ground as HTMLCanvasElement })
  // #endif
  const chart = init(ground as HTMLElement, undefined, { ...size, devicePixelRatio: pixels })
  return {
    draw(option, now) {
      chart.resize(now)
      chart.setOption(option, { notMerge: true })
    },
    end: () => chart.dispose(),
  }
}
