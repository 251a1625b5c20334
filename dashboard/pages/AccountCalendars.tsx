// Links by which a calendar elsewhere shows bookings.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { CalendarDays, Plus } from 'lucide-react'
import { useState } from 'react'
import {
  type CalendarLink,
  listCalendarLinks,
  makeCalendarLink,
  revokeCalendarLink,
} from '../../server/contract/calendars.ts'
import { listPrinters } from '../../server/contract/printers.ts'
import { CopyField } from '../components/CopyField.tsx'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listCalendarLinks.url] }).catch(() => {})
}

export const CalendarLinks = () => {
  const { t } = useLingui()
  const links = useEndpoint(listCalendarLinks, {}).data ?? []
  const [making, setMaking] = useState(false)
  return (
    <Stack>
      {links.length > 0 && (
        <ul className="plain-list">
          {links.map((link) => (
            <LinkRow key={link.id} link={link} />
          ))}
        </ul>
      )}
      <Group>
        <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          <Trans>Make a link</Trans>
        </Button>
      </Group>
      <Modal opened={making} onClose={() => setMaking(false)} title={t`Link for a calendar`} centered>
        <NewLink close={() => setMaking(false)} />
      </Modal>
    </Stack>
  )
}

const LinkRow = ({ link }: { link: CalendarLink }) => {
  const { t } = useLingui()
  const revoke = useAction(revokeCalendarLink, { done: reread })
  const name = link.kind === 'own' ? t`My bookings` : (link.printerName ?? '')
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={6} align="flex-start">
      <CalendarDays size={20} aria-hidden className="no-shrink" />
      <div className="grow">
        <Text fw={550} size="sm">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {link.usedAt === null
            ? t`made ${formatInstant(link.createdAt)} · never read`
            : t`made ${formatInstant(link.createdAt)} · last read ${formatInstant(link.usedAt)}`}
        </Text>
      </div>
      <Button
        variant="default"
        size="xs"
        flex="none"
        loading={revoke.isPending}
        onClick={() => revoke.mutate({ params: { id: link.id } })}
        aria-label={t`Revoke the link to ${name}`}
      >
        <Trans>Revoke</Trans>
      </Button>
    </Group>
  )
}

const NewLink = ({ close }: { close(): void }) => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {}).data ?? []
  const [what, setWhat] = useState('own')
  const make = useAction(makeCalendarLink, { quiet: true, done: reread })
  if (make.data) return <MadeLink path={make.data.path} close={close} />
  return (
    <Stack>
      <Select
        label={t`What it shows`}
        data={[
          { value: 'own', label: t`My bookings` },
          ...printers.map(({ id, name }) => ({ value: String(id), label: t`When ${name} is taken, without names` })),
        ]}
        value={what}
        onChange={(value) => setWhat(value ?? 'own')}
        allowDeselect={false}
        data-autofocus
      />
      {make.isError && (
        <Alert color="red" role="alert">
          {make.error.message}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button
          loading={make.isPending}
          onClick={() => make.mutate({ body: what === 'own' ? {} : { printerId: Number(what) } })}
        >
          <Trans>Make the link</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

const MadeLink = ({ path, close }: { path: string; close(): void }) => {
  const { t } = useLingui()
  const address = `${window.location.origin}${path}`
  return (
    <Stack>
      <Text>
        <Trans>
          Copy it now: it is not shown again. In your calendar, add it as a subscription by address. Who has it can read
          it.
        </Trans>
      </Text>
      <CopyField value={address} label={t`Address of the calendar`} />
      <Group justify="space-between">
        <Button component="a" href={address.replace(/^https?:/, 'webcal:')} variant="default">
          <Trans>Open in a calendar</Trans>
        </Button>
        <Button onClick={close}>
          <Trans>I have kept it</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
