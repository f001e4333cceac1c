import { Client } from './client'
import { Http, uniTransport } from './http'
import { ActionKeys } from './idempotency'

/** Set by the session store: the request layer must not know of it. */
export const login = {
  token: undefined as string | undefined,
  onEnded: () => {},
}

let clockOffset = 0

/** The server's clock: a phone set wrong must not mislead about a deadline. */
export function serverNow(): number {
  return Date.now() + clockOffset
}

/** The one client of the application. */
export const api = new Client(
  new Http(`${import.meta.env.VITE_API_BASE ?? ''}/api`, uniTransport, {
    token: () => login.token,
    onLoginEnded: () => login.onEnded(),
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onServerTime: (server) => {
      const offset = server - Date.now()
      // The header counts whole seconds: smaller differences are rounding and the way here.
      clockOffset = Math.abs(offset) > 2_000 ? offset : 0
    },
  }),
)

/** The keys of what the person is doing. */
export const actionKeys = new ActionKeys()
