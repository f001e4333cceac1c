// Asks the server without a page: as the person of one, or as somebody who has none open.
import { randomUUID } from 'node:crypto'

/** One login for each number and server: a second code is not sent within the minute. */
const logins = new Map()

async function send(address, token, path, { method = 'GET', body } = {}) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), ...(token && { Authorization: `Bearer ${token}` }) }
  const answer = await fetch(`${address}/api${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  // What is only done is answered with nothing.
  const told = JSON.parse((await answer.text()) || 'null')
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(told)}`)
  return told
}

async function enter(address, phone) {
  const { demo_code: code } = await send(address, undefined, '/login/code', { method: 'POST', body: { phone } })
  return (await send(address, undefined, '/login', { method: 'POST', body: { phone, code, device: 'phone' } })).token
}

/** The token of that number at this server. */
export function login(address, phone) {
  const name = `${address} ${phone}`
  if (!logins.has(name)) logins.set(name, enter(address, phone))
  return logins.get(name)
}

/** Makes the profile say how the person reads; one that says so already is left alone. */
export async function reads(address, phone, large) {
  const token = await login(address, phone)
  const { person } = await send(address, token, '/me')
  if (person.large_type !== large) await send(address, token, '/me', { method: 'PATCH', body: { version: person.version, large_type: large } })
}

const origin = (page) => new URL(page.url()).origin

/** The voice of somebody at the server this page belongs to. */
export function as(page, phone) {
  const address = origin(page)
  return async (path, options) => send(address, await login(address, phone), path, options)
}

async function tokenOf(page) {
  const kept = await page.evaluate(() => localStorage.getItem('linli.token'))
  return kept?.startsWith('{') ? JSON.parse(kept).data : kept
}

/** Asks the server as the person of this page. */
export async function ask(page, path, options) {
  return send(origin(page), await tokenOf(page), path, options)
}

/** Who logged in by hand on a page is not logged in a second time. */
export function loggedIn(page, phone) {
  logins.set(`${origin(page)} ${phone}`, tokenOf(page))
}

/** What the server does by itself a moment later. */
export async function soon(look, patience = 20_000) {
  const deadline = Date.now() + patience
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`it did not come: ${look}`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}
