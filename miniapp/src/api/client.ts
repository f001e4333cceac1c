import type { Http, Method } from './http'
import type { paths } from './schema'

// The server's document decides which paths exist, what they take and what they answer: a change there is a type error here.

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Operation<P extends keyof paths, V extends Verb> = V extends keyof paths[P] ? NonNullable<paths[P][V]> : never
type PathsOf<V extends Verb> = { [P in keyof paths]: [Operation<P, V>] extends [never] ? never : P }[keyof paths]

type Content<R> = R extends { content: infer C } ? C[keyof C] : undefined
type Good<R> = { [S in keyof R]: S extends 200 | 201 | 202 ? Content<R[S]> : never }[keyof R]
type Answer<O> = O extends { responses: infer R } ? Good<R> : never
type Part<O, K extends string> = O extends { parameters: { [N in K]?: infer V } } ? NonNullable<V> : never
type Body<O> = O extends { requestBody: { content: infer C } } ? C[keyof C] : never

/** What a path needs filled in, what may be asked, what is sent. */
export interface Options<O> {
  path?: Part<O, 'path'>
  query?: Part<O, 'query'>
  body?: Body<O>
  /** Names the person's action (see `ActionKeys`); needed where the document asks for `Idempotency-Key`. */
  key?: string
}

/** `/orders/{id}` and its parameters as an address. */
export function fillPath(template: string, path: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = template.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(path[name])))
  const asked = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return asked.length > 0 ? `${filled}?${asked.join('&')}` : filled
}

/** The server's operations, by verb and path. */
export class Client {
  constructor(private readonly http: Http) {}

  get<P extends PathsOf<'get'>>(path: P, options: Options<Operation<P, 'get'>> = {}) {
    return this.call('GET', path, options)
  }

  post<P extends PathsOf<'post'>>(path: P, options: Options<Operation<P, 'post'>> = {}) {
    return this.call('POST', path, options)
  }

  put<P extends PathsOf<'put'>>(path: P, options: Options<Operation<P, 'put'>> = {}) {
    return this.call('PUT', path, options)
  }

  patch<P extends PathsOf<'patch'>>(path: P, options: Options<Operation<P, 'patch'>> = {}) {
    return this.call('PATCH', path, options)
  }

  delete<P extends PathsOf<'delete'>>(path: P, options: Options<Operation<P, 'delete'>> = {}) {
    return this.call('DELETE', path, options)
  }

  /** A file the server makes. */
  async download<P extends PathsOf<'get'>>(path: P, options: Options<Operation<P, 'get'>> = {}): Promise<ArrayBuffer> {
    const answer = await this.http.send({ method: 'GET', path: fillPath(path, options.path, options.query), binary: true })
    return answer as ArrayBuffer
  }

  /** Sends a file as it is. */
  async upload<P extends PathsOf<'post'>>(path: P, file: ArrayBuffer, options: Options<Operation<P, 'post'>> = {}) {
    const answer = await this.http.send({ method: 'POST', path: fillPath(path, options.path, options.query), file, idempotencyKey: options.key })
    return answer as Answer<Operation<P, 'post'>>
  }

  private async call<O>(method: Method, path: string, options: Options<O>): Promise<Answer<O>> {
    const answer = await this.http.send({
      method,
      path: fillPath(path, options.path, options.query),
      body: options.body,
      idempotencyKey: options.key,
    })
    return answer as Answer<O>
  }
}
