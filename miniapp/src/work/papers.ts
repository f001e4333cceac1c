import type { DocumentKind, Paper, WorkerChoices, WorkerFile } from '@/api/provider'
import type { Me, Words } from '@/api/types'

// Papers: which are wanted, which there are, and how long they hold.

/** So many days before a paper runs out its owner is warned. */
export const WARN_DAYS = 30
/** Shows who somebody is; wanted unless a desk has seen it. */
const IDENTITY = 'identity'

/** One kind of paper with those of it there are, the newest first. */
export interface PaperGroup {
  key: string
  name: Words
  /** Whether the last day it holds must be said. */
  ends: boolean
  /** A service asks for it, or who somebody is. */
  wanted: boolean
  papers: Paper[]
  /** Services that stand on it. */
  services: Words[]
}

export type PaperLook = 'none' | 'asked' | 'good' | 'soon' | 'refused' | 'expired'

/** Whether who they are was verified at a desk already. */
export const identityVerified = (me: Me | undefined): boolean => me?.person.facts.some(({ fact, status }) => fact === IDENTITY && status === 'verified') ?? false

/** The papers of a file by kind: those that are wanted, then whatever else there is. */
export function groupsOf(file: Pick<WorkerFile, 'services' | 'documents'>, kinds: readonly DocumentKind[], verified: boolean): PaperGroup[] {
  const needed = new Set(file.services.flatMap(({ needs }) => needs))
  if (!verified) needed.add(IDENTITY)
  const groups = kinds.map(({ key, name, ends }) => ({
    key,
    name,
    ends,
    wanted: needed.has(key),
    papers: file.documents.filter(({ document }) => document === key),
    services: file.services.filter(({ needs }) => needs.includes(key)).map((service) => service.name),
  }))
  return [...groups.filter(({ wanted }) => wanted), ...groups.filter(({ wanted, papers }) => !wanted && papers.length > 0)]
}

/** Kinds of which none was handed in, nor is wanted. */
export const otherKinds = (choices: WorkerChoices, groups: readonly PaperGroup[]): DocumentKind[] => choices.documents.filter(({ key }) => groups.every((group) => group.key !== key))

/** How a paper is to be seen now. */
export function lookOf(paper: Paper | undefined): PaperLook {
  if (!paper) return 'none'
  if (paper.state === 'refused') return 'refused'
  const left = paper.days_left
  if (paper.state === 'expired' || (left !== undefined && left < 0)) return 'expired'
  if (paper.state === 'asked') return 'asked'
  return left !== undefined && left <= WARN_DAYS ? 'soon' : 'good'
}

/** Whether a kind of paper wants something of its owner: there is none that holds or is being looked at, or the one there is ends soon. */
export function wantsOwner({ wanted, papers }: Pick<PaperGroup, 'wanted' | 'papers'>): boolean {
  const looks = papers.map(lookOf)
  if (looks.includes('good') || looks.includes('asked')) return false
  return wanted || looks.length > 0
}

/** The picture of a paper, out of the address it is got at. */
export const pictureOf = ({ file }: Pick<Paper, 'file'>): string | undefined => file?.split('/').pop() || undefined
