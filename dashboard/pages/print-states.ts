// States of prints in words and colours.
import { useLingui } from '@lingui/react/macro'
import type { PrintState } from '../../server/contract/jobs.ts'

const colours: Readonly<Record<PrintState, string>> = {
  dispatched: 'gray',
  refused: 'gray',
  printing: 'tile',
  paused: 'yellow',
  completed: 'slate',
  failed: 'red',
  cancelled: 'gray',
  interrupted: 'red',
}

export const usePrintStates = () => {
  const { t } = useLingui()
  const names: Record<PrintState, string> = {
    dispatched: t`Sent`,
    refused: t`Refused`,
    printing: t`Printing`,
    paused: t`Paused`,
    completed: t`Complete`,
    failed: t`Failed`,
    cancelled: t`Cancelled`,
    interrupted: t`Interrupted`,
  }
  return { names, colours }
}
