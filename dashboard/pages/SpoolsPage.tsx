// Spools: what is there, where it is loaded, how much is left.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Card, Center, Group, Loader, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { CircleDot, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import {
  addFilament,
  addSpool,
  type FilamentShape,
  listFilaments,
  listSpools,
  type Spool,
} from '../../server/contract/spools.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { type NewSpool, SpoolForm } from '../components/SpoolForm.tsx'
import { GramsLeft, nameOfFilament, Swatch } from '../components/SpoolSign.tsx'
import { formatInstant } from '../format.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'
import { SpoolActions } from './SpoolActions.tsx'
import { SpoolmanCard } from './SpoolmanCard.tsx'

export const SpoolsPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const [retired, setRetired] = useState(false)
  const [search, setSearch] = useState('')
  const [adding, setAdding] = useState(false)
  const spools = useEndpoint(listSpools, { query: { retired } })
  const runs = may(me, 'run-printers')
  const addButton = runs && (
    <Button leftSection={<Plus size={17} aria-hidden />} onClick={() => setAdding(true)}>
      <Trans>Add a spool</Trans>
    </Button>
  )
  const found = (spools.data ?? []).filter((spool) => textOf(spool).includes(search.trim().toLowerCase()))
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={1}>
          <Trans>Spools</Trans>
        </Title>
        <Group gap="xs">
          <TextInput
            type="search"
            leftSection={<Search size={16} aria-hidden />}
            placeholder={t`Find a spool`}
            aria-label={t`Find a spool`}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          />
          {addButton}
        </Group>
      </Group>
      {spools.isPending && (
        <Center mih={240}>
          <Loader />
        </Center>
      )}
      {spools.data?.length === 0 && (
        <EmptyState icon={CircleDot} title={retired ? t`No spool was put away yet` : t`No spool yet`}>
          <Trans>With spools, the queue knows what is loaded, and says so before one runs out.</Trans>
        </EmptyState>
      )}
      {found.length > 0 && (
        <Card withBorder p={0}>
          {found.map((spool) => (
            <SpoolRow key={spool.id} spool={spool} runs={runs} />
          ))}
        </Card>
      )}
      <Group>
        <Button variant="subtle" color="gray" onClick={() => setRetired(!retired)}>
          {retired ? <Trans>Show spools in use</Trans> : <Trans>Show spools that were put away</Trans>}
        </Button>
      </Group>
      <SpoolmanCard maySet={may(me, 'steward')} />
      <Modal opened={adding} onClose={() => setAdding(false)} title={t`Add a spool`} size="lg">
        {adding && <AddSpool close={() => setAdding(false)} />}
      </Modal>
    </Stack>
  )
}

const textOf = (spool: Spool): string =>
  [spool.id, nameOfFilament(spool.filament), spool.location, spool.lot, spool.printerName].join(' ').toLowerCase()

const SpoolRow = ({ spool, runs }: { spool: Spool; runs: boolean }) => {
  const { t } = useLingui()
  const { id, lot, location, printerName, tool, weighedAt } = spool
  const weighed = weighedAt === null ? null : formatInstant(weighedAt)
  const toolNumber = (tool ?? 0) + 1
  const facts = [
    location === '' ? null : location,
    lot === '' ? null : t`lot ${lot}`,
    weighed === null ? null : t`weighed ${weighed}`,
  ].filter((fact) => fact !== null)
  return (
    <div className="job-row spool-row">
      <Swatch colour={spool.filament.colour} size={40} />
      <div className="grow">
        <Group gap="xs" wrap="nowrap">
          <span className="place">{id}</span>
          <Text fw={550} className="break-anywhere">
            {nameOfFilament(spool.filament)}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {facts.join(' · ')}
        </Text>
        {printerName !== null && (
          <Text size="sm" fw={550}>
            {tool === 0 ? t`Loaded in ${printerName}` : t`Loaded in ${printerName}, tool ${toolNumber}`}
          </Text>
        )}
      </div>
      <GramsLeft spool={spool} />
      {runs && <SpoolActions spool={spool} />}
    </div>
  )
}

const AddSpool = ({ close }: { close(): void }) => {
  const filaments = useEndpoint(listFilaments, {})
  const addKind = useAction(addFilament, { quiet: true })
  const add = useAction(addSpool, { quiet: true, done: close })
  if (!filaments.data) return <Loader />
  const save = async (filament: number | FilamentShape, spool: NewSpool): Promise<void> => {
    const filamentId = typeof filament === 'number' ? filament : (await addKind.mutateAsync({ body: filament })).id
    add.mutate({ body: { filamentId, openedAt: null, ...spool } })
  }
  return (
    <SpoolForm
      filaments={filaments.data}
      busy={add.isPending || addKind.isPending}
      refusal={(addKind.error ?? add.error)?.message ?? null}
      save={(filament, spool) => {
        // Where it is refused, the form shows why.
        save(filament, spool).catch(() => {})
      }}
    />
  )
}
