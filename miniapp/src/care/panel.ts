import type { Panel } from '@/api/types'
import { t } from '@/i18n'
import { leftTone } from '@/words/say'

/** How many more people a doctor can take on. */
export function panelWords(panel: Panel): string {
  const free = Math.max(0, panel.capacity - panel.signed)
  return free > 0 ? t('contracts.panel', { free }) : t('contracts.panel.full')
}

export const panelTone = (panel: Panel): 'done' | 'soon' | 'quiet' => leftTone(panel.left)
