// One booking: whose and when, and what can be done with it.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Badge, Button, Divider, Drawer, Group, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Pencil } from 'lucide-react'
import { type Claim, showBooking } from '../../server/contract/bookings.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { draftOfClaim } from '../components/calendar/booking-draft.ts'
import { holds, isBlock } from '../components/calendar/taken.ts'
import { useClaimWords } from '../components/calendar/use-claim-words.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { useEndpoint } from '../state/use-endpoint.ts'
import { CancelBooking, EndBlock } from './CancelBooking.tsx'
import { ClaimHistory } from './ClaimHistory.tsx'
import { ClaimNow } from './ClaimNow.tsx'
import { GiveAway, OfferSwap } from './GiveAway.tsx'
import { WaitForm } from './WaitForm.tsx'

export interface ClaimDrawerProps {
  readonly claim: Claim | null
  readonly me: Me
  close(): void
  change(claim: Claim): void
}

export const ClaimDrawer = ({ claim, ...props }: ClaimDrawerProps) => {
  const { t } = useLingui()
  const isSmall = useMediaQuery('(max-width: 48em)')
  return (
    <Drawer
      opened={claim !== null}
      onClose={props.close}
      position="right"
      size={isSmall ? '100%' : 460}
      title={claim?.printerName}
      closeButtonProps={{ 'aria-label': t`Close` }}
    >
      {claim && <Inside key={claim.id} first={claim} {...props} />}
    </Drawer>
  )
}

const Inside = ({ first, me, close, change }: Omit<ClaimDrawerProps, 'claim'> & { first: Claim }) => {
  const asked = useEndpoint(showBooking, { params: { id: first.id } })
  const claim = asked.data ?? first
  const open = holds(claim)
  const isBooking = claim.kind === 'booking'
  return (
    <Stack gap="md">
      <Facts claim={claim} />
      {asked.isError && <Alert color="red">{asked.error.message}</Alert>}
      {open && claim.mine && <ClaimNow claim={claim} />}
      {open && claim.mayChange && isBooking && (
        <Group gap="xs">
          <Button variant="default" leftSection={<Pencil size={15} aria-hidden />} onClick={() => change(claim)}>
            <Trans>Change…</Trans>
          </Button>
          <CancelBooking claim={claim} done={close} />
        </Group>
      )}
      {open && claim.kind === 'hold' && claim.mayChange && <CancelBooking claim={claim} done={close} />}
      {open && isBlock(claim) && may(me, 'run-printers', { id: claim.printerId, tags: [] }) && claim.mayChange && (
        <EndBlock claim={claim} done={close} />
      )}
      {open && claim.mine && isBooking && claim.state !== 'held' && <GiveAway claim={claim} done={close} />}
      {open && !claim.mine && isBooking && may(me, 'book') && <OthersBooking claim={claim} close={close} />}
      {claim.mayChange && <ClaimHistory id={claim.id} />}
    </Stack>
  )
}

const Facts = ({ claim }: { claim: Claim }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const words = useClaimWords()
  return (
    <div>
      <Text fw={600} size="lg">
        {times.span(claim.start, claim.end)}
      </Text>
      <Group gap="xs" mt={4}>
        <Badge variant="light" className="state-badge">
          {words.state(claim.state)}
        </Badge>
        <Text size="sm">{words.name(claim)}</Text>
      </Group>
      {claim.anyPrinter && !claim.fixed && (
        <Text size="sm" c="dimmed" mt={4}>
          <Trans>Any printer that can: it may still move to another one at the same time.</Trans>
        </Text>
      )}
      {claim.wish.material && (
        <Text size="sm" c="dimmed" mt={4}>
          {t`Material: ${claim.wish.material}`}
        </Text>
      )}
      {claim.endReason && (
        <Text size="sm" mt={4}>
          {claim.endReason}
        </Text>
      )}
    </div>
  )
}

/** Somebody else has it: one can wait for it, or offer one's own for it. */
const OthersBooking = ({ claim, close }: { claim: Claim; close(): void }) => {
  const times = useSiteTimes()
  return (
    <Stack gap="md">
      <Divider />
      <WaitForm draft={{ ...draftOfClaim(claim, times.timeZone), printerId: claim.printerId }} done={close} />
      {claim.state === 'booked' && <OfferSwap claim={claim} done={close} />}
    </Stack>
  )
}
