// Freed time that is kept for a while: one takes it, or lets it go.
import { Trans } from '@lingui/react/macro'
import { Button, Group } from '@mantine/core'
import { answerWaitingOffer, listOffers } from '../../server/contract/during.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries().catch(() => {})
}

/** Nothing, where the offer was answered or is over. */
export const OfferAnswer = ({ claimId }: { claimId: number }) => {
  const offer = useEndpoint(listOffers, {}).data?.find((one) => one.claimId === claimId)
  const answer = useAction(answerWaitingOffer, { done: reread })
  if (offer === undefined) return null
  const send = (take: boolean): void => answer.mutate({ params: { id: offer.id }, body: { take } })
  return (
    <Group gap="xs" mt={6}>
      <Button size="compact-sm" loading={answer.isPending} onClick={() => send(true)}>
        <Trans>Book it</Trans>
      </Button>
      <Button size="compact-sm" variant="default" disabled={answer.isPending} onClick={() => send(false)}>
        <Trans>Let it go</Trans>
      </Button>
    </Group>
  )
}
