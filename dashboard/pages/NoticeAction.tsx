// The one tap that a notice asks for: to another printer, or the rest given back.
import { Trans } from '@lingui/react/macro'
import { Button, Group } from '@mantine/core'
import { listOutlooks, releaseRest, takeOtherPrinter } from '../../server/contract/during.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries().catch(() => {})
}

/** Nothing, where the printer will be ready after all or no equal one is free. */
export const OtherPrinter = ({ claimId }: { claimId: number }) => {
  const outlook = useEndpoint(listOutlooks, {}).data?.find(({ bookingId, mine }) => bookingId === claimId && mine)
  const take = useAction(takeOtherPrinter, { done: reread })
  const instead = outlook?.instead ?? null
  if (instead === null) return null
  return (
    <Group mt={6}>
      <Button size="compact-sm" loading={take.isPending} onClick={() => take.mutate({ params: { id: claimId } })}>
        <Trans>Take {instead.name} instead</Trans>
      </Button>
    </Group>
  )
}

export const GiveBack = ({ claimId }: { claimId: number }) => {
  const release = useAction(releaseRest, { done: reread })
  if (release.isSuccess) return null
  return (
    <Group mt={6}>
      <Button size="compact-sm" loading={release.isPending} onClick={() => release.mutate({ params: { id: claimId } })}>
        <Trans>Give the rest back</Trans>
      </Button>
    </Group>
  )
}
