import { describe, expect, it, vi } from 'vitest'
import { line as shared } from '@/api'
import { Line } from '@/api/line'
import { ApiProblem } from '@/api/problem'
import { useLoad } from '@/composables/load'

function setup() {
  const timers: (() => void)[] = []
  const probe = vi.fn().mockResolvedValue(undefined)
  const clock = { now: 1_000 }
  const later = (act: () => void) => {
    timers.push(act)
    return () => timers.includes(act) && timers.splice(timers.indexOf(act), 1)
  }
  const line = new Line(probe, later, () => clock.now)
  return { line, probe, timers, clock }
}

describe('the line to the server', () => {
  it('is lost when no answer comes, and asks by itself until one does', () => {
    const { line, probe, timers } = setup()
    line.missed()
    expect(line.lost.value).toBe(true)
    timers[0]!()
    expect(probe).toHaveBeenCalledTimes(1)
    line.missed()
    line.heard(0)
    expect([line.lost.value, line.returns.value, timers.length]).toEqual([false, 1, 0])
  })
  it('asks nobody while the device has no network, and at once when it has one', () => {
    const { line, probe, timers } = setup()
    line.device(false)
    expect([line.lost.value, timers.length]).toEqual([true, 0])
    line.device(true)
    expect(probe).toHaveBeenCalledTimes(1)
    // A network is no answer yet.
    expect([line.lost.value, line.returns.value]).toEqual([true, 0])
  })
  it('does not take an answer to an old question for a network', () => {
    const { line, clock } = setup()
    line.device(false)
    line.heard(clock.now - 1)
    expect(line.lost.value).toBe(true)
    // A device may be wrong about its network: what is asked now and answered came through.
    line.heard(clock.now + 1)
    expect([line.lost.value, line.returns.value]).toEqual([false, 1])
  })
  it('goes on asking when an answer takes too long', async () => {
    const { line, probe, timers } = setup()
    probe.mockRejectedValue(new Error('slow'))
    line.missed()
    timers.splice(0)[0]!()
    await new Promise((resolve) => setTimeout(resolve))
    expect(timers.length).toBe(1)
  })
  it('counts no return where nothing was lost', () => {
    const { line, probe } = setup()
    line.device(true)
    line.heard(0)
    expect([line.returns.value, probe.mock.calls.length]).toEqual([0, 0])
  })
})

describe('what a lost line kept away', () => {
  const fails = (status: number) => {
    const answers: (Error | string)[] = [new ApiProblem(status, 'x', 'title', 'detail'), 'here']
    return useLoad(async () => {
      const answer = answers.shift()
      if (typeof answer !== 'string') throw answer
      return answer
    })
  }
  async function comeBack() {
    shared.missed()
    shared.heard(0)
    await new Promise((resolve) => setTimeout(resolve))
  }
  it('comes by itself once the line is back', async () => {
    const load = fails(0)
    await load.refresh()
    expect(load.state).toBe('failed')
    await comeBack()
    expect([load.state, load.value]).toEqual(['ready', 'here'])
  })
  it('does not where the server said no', async () => {
    const load = fails(404)
    await load.refresh()
    await comeBack()
    expect(load.state).toBe('failed')
  })
})
