/** One field the server objected to, with its words. */
export interface FieldProblem {
  field: string
  code?: string
  detail: string
}

/**
 * A refusal or failure, as problem+json tells it (RFC 9457): `code` is stable, `title` and `detail` are in the person's language.
 * `status` 0 means that no answer came.
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly fields: readonly FieldProblem[] = [],
    /** Seconds the server asks to wait before the next try. */
    readonly retryAfter?: number,
    /** Whatever else the problem carried: the other order's id, the places still free. */
    readonly extra: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title || code)
  }

  /** No answer at all: the network, not the request. */
  get offline(): boolean {
    return this.status === 0
  }

  /** The words for one field, when the server named it (alone or at the end of a path). */
  field(name: string): string | undefined {
    return this.fields.find((f) => f.field === name || f.field.endsWith(`.${name}`))?.detail
  }

  /** This problem, unless it is shown at one of these fields. */
  beside(names: readonly string[]): ApiProblem | undefined {
    return names.some((name) => this.field(name) !== undefined) ? undefined : this
  }

  /** What is wrong and what to do instead, in one breath: for the place where there is no room for a title. */
  get words(): string {
    return sentences(this.title, this.detail)
  }
}

function sentences(title: string, detail: string): string {
  if (title === '' || detail === '') return title || detail
  return `${title}${/[\u4e00-\u9fff]$/.test(title) ? '。' : '. '}${detail}`
}

/** What is wrong and what to do instead, of a problem that is a part of an answer. */
export const wordsOf = (problem: { title: string; detail?: string } | undefined): string =>
  problem ? sentences(problem.title, problem.detail ?? '') : ''

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function readFields(body: Record<string, unknown>): FieldProblem[] {
  const many = Array.isArray(body.fields) ? body.fields : Array.isArray(body.errors) ? body.errors : []
  const list = many
    .filter((f): f is Record<string, unknown> => typeof f === 'object' && f !== null)
    .map((f) => ({ field: text(f.field) || text(f.name), code: text(f.code), detail: text(f.detail) || text(f.message) }))
    .filter((f) => f.field !== '')
  const one = text(body.field)
  return one && !list.some((f) => f.field === one) ? [...list, { field: one, detail: sentences(text(body.title), text(body.detail)) }] : list
}

/** The problem in an answer of status 400 and above; tolerant of a body that is no problem+json (a gateway's page). */
export function problemFrom(status: number, body: unknown, retryAfter: number | undefined, fallback: { title: string; detail: string }): ApiProblem {
  const record = typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {}
  const { code, title, detail, status: _status, type: _type, ...extra } = record
  const known = typeof title === 'string' || typeof detail === 'string'
  return new ApiProblem(
    status,
    text(code) || `http_${status}`,
    known ? text(title) : fallback.title,
    known ? text(detail) : fallback.detail,
    readFields(record),
    retryAfter,
    extra,
  )
}
