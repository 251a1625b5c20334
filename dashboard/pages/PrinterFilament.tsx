// What is loaded in a printer.
import { Trans, useLingui } from '@lingui/react/macro'
import { Card, Group, Select, Stack, Text, Title } from '@mantine/core'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { listLoaded, listSpools, loadSpool } from '../../server/contract/spools.ts'
import { GramsLeft, nameOfFilament, Swatch } from '../components/SpoolSign.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

export const PrinterFilament = ({ printerId, me }: { printerId: number; me: Me }) => {
  const { t } = useLingui()
  const loaded = useEndpoint(listLoaded, {})
  const mine = (loaded.data ?? []).filter((one) => one.printerId === printerId)
  const runs = may(me, 'run-printers')
  const several = mine.some(({ tool }) => tool > 0)
  return (
    <Card withBorder component="section" aria-label={t`Filament`}>
      <Title order={2} mb="xs">
        <Trans>Filament</Trans>
      </Title>
      <Stack gap="sm">
        {mine.length === 0 && (
          <Text size="sm" c="dimmed">
            <Trans>Nobody has said what is loaded.</Trans>
          </Text>
        )}
        {mine.map(({ tool, spool }) => {
          const number = tool + 1
          return (
            <Group key={tool} wrap="nowrap" gap="sm">
              <Swatch colour={spool.filament.colour} size={32} />
              <div className="grow">
                <Text fw={550} className="break-anywhere">
                  {nameOfFilament(spool.filament)}
                </Text>
                <Text size="sm" c="dimmed">
                  {several ? t`Tool ${number} · spool ${spool.id}` : t`Spool ${spool.id}`}
                </Text>
              </div>
              <GramsLeft spool={spool} />
            </Group>
          )
        })}
        {runs && (
          <Change printerId={printerId} tool={0} spoolId={mine.find(({ tool }) => tool === 0)?.spool.id ?? null} />
        )}
      </Stack>
    </Card>
  )
}

const Change = ({ printerId, tool, spoolId }: { printerId: number; tool: number; spoolId: number | null }) => {
  const { t } = useLingui()
  const spools = useEndpoint(listSpools, { query: {} })
  const load = useAction(loadSpool)
  return (
    <Select
      label={t`Loaded now`}
      placeholder={t`Nothing, or nobody knows`}
      data={(spools.data ?? []).map((spool) => ({
        value: String(spool.id),
        label: `${spool.id} · ${nameOfFilament(spool.filament)}`,
      }))}
      value={spoolId === null ? null : String(spoolId)}
      onChange={(value) =>
        load.mutate({ params: { printerId, tool }, body: { spoolId: value === null ? null : Number(value) } })
      }
      searchable
      clearable
      nothingFoundMessage={t`No spool is called so`}
    />
  )
}
