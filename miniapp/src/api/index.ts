import { ref } from 'vue'
import { Client } from './client'
import { Http, uniTransport } from './http'
import { ActionKeys } from './idempotency'
import { Line } from './line'
import { Live, uniSocket, type LiveAnswer } from './live'

/** Set by the session store: the request layer must not know of it. */
export const login = {
  token: undefined as string | undefined,
  onEnded: () => {},
}

/** How far the server's machine is ahead of this device, and its service ahead of its machine (a demo may begin at another time). Milliseconds. */
const ahead = { machine: ref(0), service: ref(0) }

// The header counts whole seconds: smaller differences are rounding and the way here.
const worthNoting = (difference: number) => (Math.abs(difference) > 2_000 ? difference : 0)

/** The server's clock: a phone set wrong must not mislead about a deadline. */
export function serverNow(): number {
  return Date.now() + ahead.machine.value + ahead.service.value
}

/** The service has told the time it lives by. Milliseconds since 1970 UTC. */
export function learnServiceTime(now: number): void {
  ahead.service.value = worthNoting(now - Date.now() - ahead.machine.value)
}

/** Where the server's operations are, as an address others can use too. */
export function apiBase(): string {
  const base = import.meta.env.VITE_API_BASE ?? ''
  // #ifdef H5
  if (base === '') return `${window.location.origin}/api`
  // #endif
  return `${base}/api`
}

const http: Http = new Http(`${import.meta.env.VITE_API_BASE ?? ''}/api`, uniTransport, {
  token: () => login.token,
  onLoginEnded: () => login.onEnded(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  onServerTime: (server) => (ahead.machine.value = worthNoting(server - Date.now())),
  onReached: (asked) => line.heard(asked),
  onUnreached: () => line.missed(),
})

/** The one client of the application. */
export const api = new Client(http)

function later(act: () => void, milliseconds: number) {
  const timer = setTimeout(act, milliseconds)
  return () => clearTimeout(timer)
}

/** Whether the server can be reached. */
export const line: Line = new Line(() => http.send({ method: 'GET', path: '/service' }), later)

/** How long the server waits for something to happen; shorter than a request may take. Seconds. */
const ASK_FOR = 10

/** What happens while it happens, for whoever listens. */
export const live = new Live({
  open: (after) => uniSocket(apiBase(), login.token ?? '', after),
  ask: async (after) => (await api.get('/live/events', { query: after === undefined ? {} : { after, wait: ASK_FOR } })) as LiveAnswer,
  mayListen: () => login.token !== undefined,
  later,
})

/** The keys of what the person is doing. */
export const actionKeys = new ActionKeys()
