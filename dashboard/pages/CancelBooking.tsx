// Cancels a booking: which of a series, and once more where the notice for it is over.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { removeBlock } from '../../server/contract/blocks.ts'
import { type Claim, cancelBooking } from '../../server/contract/bookings.ts'
import { queries, useAction } from '../state/use-endpoint.ts'
import { ScopeChoice } from './BookingDrawer.tsx'

export interface CancelBookingProps {
  readonly claim: Claim
  done(): void
}

export const CancelBooking = ({ claim, done }: CancelBookingProps) => {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  const [scope, setScope] = useState<'this' | 'following' | 'all'>('this')
  const [reason, setReason] = useState('')
  const cancel = useAction(cancelBooking, {
    quiet: true,
    done: () => {
      queries.invalidateQueries().catch(() => {})
      setAsking(false)
      done()
    },
  })
  const isLate = cancel.error?.code === 'booking.late'
  const send = (): void => {
    const body = {
      ...(claim.seriesId === null ? {} : { scope }),
      ...(isLate ? { late: true } : {}),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    }
    cancel.mutate({ params: { id: claim.id }, body })
  }
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        leftSection={<Trash2 size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        <Trans>Cancel the booking</Trans>
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t`Cancel the booking?`} centered>
        <Stack gap="md">
          {claim.seriesId !== null && <ScopeChoice scope={scope} change={setScope} />}
          {!claim.mine && (
            <TextInput
              label={t`Reason, for whose booking it is`}
              maxLength={300}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
          )}
          {cancel.error && (
            <Alert color={isLate ? 'orange' : 'red'} role="alert">
              {cancel.error.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              <Trans>Keep it</Trans>
            </Button>
            <Button color="red" loading={cancel.isPending} onClick={send}>
              {isLate ? <Trans>Cancel it all the same</Trans> : <Trans>Cancel it</Trans>}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

/** Maintenance and events end at once, or are called off. */
export const EndBlock = ({ claim, done }: CancelBookingProps) => {
  const end = useAction(removeBlock, {
    done: () => {
      queries.invalidateQueries().catch(() => {})
      done()
    },
  })
  const begun = Date.parse(claim.start) <= Date.now()
  return (
    <Group>
      <Button variant="default" loading={end.isPending} onClick={() => end.mutate({ params: { id: claim.id } })}>
        {begun ? <Trans>It is over: give the printer back</Trans> : <Trans>Call it off</Trans>}
      </Button>
    </Group>
  )
}
