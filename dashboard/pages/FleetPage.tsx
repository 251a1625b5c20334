// All printers at a glance; those that need a person first.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Center, Group, Loader, SimpleGrid, Title } from '@mantine/core'
import { Plus, Printer as PrinterIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { clearBed, listPrinters, type Printer } from '../../server/contract/printers.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { PrinterCard } from '../components/PrinterCard.tsx'
import { stateOf } from '../state/fleet.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

const AddPrinter = lazy(async () => ({ default: (await import('./AddPrinter.tsx')).AddPrinter }))

/** Smaller comes first. */
const urgency = (printer: Printer): number => {
  const state = stateOf(printer, printer.telemetry)
  if (state === 'halted') return 0
  if (state === 'awaiting-clear') return 1
  if (state === 'paused') return 2
  if (state === 'offline' || state === 'connecting') return 5
  return state === 'idle' ? 4 : 3
}

export const FleetPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {})
  const clear = useAction(clearBed)
  const [adding, setAdding] = useState(false)
  const mayAdd = may(me, 'set-up-printers', 'everywhere')
  const addButton = (
    <Button leftSection={<Plus size={17} aria-hidden />} onClick={() => setAdding(true)}>
      <Trans>Add a printer</Trans>
    </Button>
  )
  const sorted = [...(printers.data ?? [])].sort(
    (one, other) => urgency(one) - urgency(other) || one.name.localeCompare(other.name),
  )
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>
          <Trans>Printers</Trans>
        </Title>
        {mayAdd && sorted.length > 0 && addButton}
      </Group>
      {printers.isPending && (
        <Center mih={240}>
          <Loader />
        </Center>
      )}
      {printers.data?.length === 0 && (
        <EmptyState icon={PrinterIcon} title={t`No printer yet`} action={mayAdd && addButton}>
          {mayAdd ? (
            <Trans>
              Plug one into this computer by USB, then add it here. No printer at hand? npm run demo shows how it works.
            </Trans>
          ) : (
            <Trans>A steward of the workshop adds the printers.</Trans>
          )}
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3, xl: 4 }} spacing="md">
        {sorted.map((printer) => (
          <PrinterCard
            key={printer.id}
            printer={printer}
            mayClear={may(me, 'mind-own-prints', printer)}
            clearing={clear.isPending && clear.variables?.params?.id === printer.id}
            clear={() => clear.mutate({ params: { id: printer.id } })}
          />
        ))}
      </SimpleGrid>
      {adding && (
        <Suspense>
          <AddPrinter close={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  )
}
