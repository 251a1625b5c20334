// Nozzle and bed over time: solid lines as measured, dashed as asked for.
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Telemetry, TemperatureHistory } from '../../server/contract/printers.ts'
import { formatClock } from '../format.ts'

export interface TemperatureChartProps {
  readonly history: TemperatureHistory
  /** Calls back with each new reading, as long as the chart is shown. */
  subscribe(listener: (telemetry: Telemetry) => void): () => void
  nameOf(heater: string): string
  readonly label: string
}

const colours: Readonly<Record<string, string>> = {
  T0: '#e2733d',
  T1: '#c2255c',
  T2: '#9c36b5',
  B: '#1c7ed6',
  C: '#0c8599',
}
const HEIGHT = 220
const KEPT = 1800

type Column = (number | null)[]

/** A heater that is off asks for nothing. */
const asked = (target: number | null | undefined): number | null => (target ? target : null)

/** Pads short spans: a flat line of a cold printer is no mountain range. */
const range = (_chart: uPlot, _low: number | null, high: number | null): [number, number] => [
  0,
  Math.max(60, (high ?? 0) * 1.1),
]

export const TemperatureChart = ({ history, subscribe, nameOf, label }: TemperatureChartProps) => {
  const place = useRef<HTMLDivElement>(null)
  const dark = useComputedColorScheme('light') === 'dark'

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const heaters = Object.keys(history.actual).filter((heater) => /^(T\d+|B|C)$/.test(heater))
    if (heaters.length === 0) heaters.push('T0', 'B')
    const times = [...history.at]
    const actual = heaters.map((heater): Column => [...(history.actual[heater] ?? [])])
    const target = heaters.map((heater): Column => (history.target[heater] ?? []).map(asked))
    const grid = { stroke: dark ? '#3a4441' : '#e3e8e6', width: 1 }
    const axis = { stroke: dark ? '#a7b3ae' : '#5c6a65', grid, ticks: grid }
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { live: false, show: false },
        cursor: { y: false },
        scales: { y: { range } },
        axes: [
          {
            ...axis,
            space: 70,
            values: (_chart, values) =>
              values.map((value) => formatClock(value * 1000, (values[1] ?? 0) - (values[0] ?? 0) < 60)),
          },
          { ...axis, size: 44, values: (_chart, values) => values.map((value) => `${value}°`) },
        ],
        series: [
          {},
          ...heaters.map(
            (heater): uPlot.Series => ({ label: nameOf(heater), stroke: colours[heater] ?? '#868e96', width: 2 }),
          ),
          ...heaters.map(
            (heater): uPlot.Series => ({
              stroke: colours[heater] ?? '#868e96',
              width: 1,
              dash: [5, 5],
              points: { show: false },
            }),
          ),
        ],
      },
      [times, ...actual, ...target],
      element,
    )
    const stop = subscribe((telemetry) => {
      times.push(Date.parse(telemetry.at) / 1000)
      heaters.forEach((heater, n) => {
        const reading = telemetry.temperatures[heater]
        actual[n]?.push(reading?.actual ?? null)
        target[n]?.push(asked(reading?.target))
      })
      if (times.length > KEPT) for (const column of [times, ...actual, ...target]) column.shift()
      chart.setData([times, ...actual, ...target])
    })
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    return () => {
      stop()
      resized.disconnect()
      chart.destroy()
    }
  }, [history, subscribe, nameOf, dark])

  return <div ref={place} className="temperature-chart" role="img" aria-label={label} style={{ minHeight: HEIGHT }} />
}
