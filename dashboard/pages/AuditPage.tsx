// Who changed what, on what, when, from where.
import { Trans, useLingui } from '@lingui/react/macro'
import { Badge, Button, Card, Center, Group, Loader, Select, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Download, ScrollText, Search } from 'lucide-react'
import { useState } from 'react'
import { type AuditEntry, auditExportUrl, listAudit } from '../../server/contract/audit.ts'
import { listMembers } from '../../server/contract/members.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { formatInstant } from '../format.ts'
import { useEndpoint } from '../state/use-endpoint.ts'

const PAGE = 50
const MOST = 200
/** Each letter typed is not yet a question. */
const TYPING_MS = 300

export const AuditPage = () => {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS)
  const [memberId, setMemberId] = useState<string | null>(null)
  const [limit, setLimit] = useState(PAGE)
  const members = useEndpoint(listMembers, {}).data ?? []
  const filter = {
    ...(search === '' ? {} : { search }),
    ...(memberId === null ? {} : { memberId: Number(memberId) }),
  }
  const entries = useEndpoint(listAudit, { query: { ...filter, limit } })
  const asFile = (format: string): string =>
    `${auditExportUrl}?${new URLSearchParams({ format, ...(search === '' ? {} : { search }), ...(memberId === null ? {} : { memberId }) })}`
  return (
    <Stack gap="md" maw={960}>
      <Group justify="space-between">
        <Title order={1}>
          <Trans>Who changed what</Trans>
        </Title>
        <Group gap="xs">
          {['csv', 'json'].map((format) => (
            <Button
              key={format}
              component="a"
              href={asFile(format)}
              download
              variant="default"
              leftSection={<Download size={16} aria-hidden />}
              aria-label={t`Download as ${format.toUpperCase()}`}
            >
              {format.toUpperCase()}
            </Button>
          ))}
        </Group>
      </Group>
      <Group gap="xs">
        <TextInput
          aria-label={t`Search`}
          placeholder={t`Search: a printer, a word, an address`}
          leftSection={<Search size={16} aria-hidden />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          maxLength={100}
          className="grow"
        />
        <Select
          aria-label={t`Member`}
          placeholder={t`Everyone`}
          data={members.map(({ id, name }) => ({ value: String(id), label: name }))}
          value={memberId}
          onChange={setMemberId}
          clearable
          searchable
        />
      </Group>
      {entries.isPending && (
        <Center mih={200}>
          <Loader />
        </Center>
      )}
      {entries.data?.length === 0 && <EmptyState icon={ScrollText} title={t`Nothing of the kind`} />}
      {entries.data && entries.data.length > 0 && (
        <Card withBorder p={0} component="ol" className="plain-list" aria-label={t`Changes`}>
          {entries.data.map((entry) => (
            <AuditRow key={entry.id} entry={entry} />
          ))}
        </Card>
      )}
      {entries.data?.length === limit && limit < MOST && (
        <Group>
          <Button variant="default" onClick={() => setLimit(MOST)}>
            <Trans>Show older ones</Trans>
          </Button>
        </Group>
      )}
      {entries.data?.length === MOST && (
        <Text size="sm" c="dimmed">
          <Trans>Older ones are in the files above, or found by searching.</Trans>
        </Text>
      )}
    </Stack>
  )
}

const AuditRow = ({ entry }: { entry: AuditEntry }) => {
  const { t } = useLingui()
  const details = Object.entries(entry.details)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
  const target = entry.targetName ?? (entry.targetId === null ? null : `${entry.targetKind} ${entry.targetId}`)
  const from = [
    formatInstant(entry.at),
    entry.keyName === null ? null : t`by the key ${entry.keyName}`,
    entry.address === '' ? null : t`from ${entry.address}`,
  ]
  return (
    <li className="audit-row">
      <Text size="sm">
        <strong>{entry.memberName ?? t`Somebody`}</strong> {entry.summary}
        {target !== null && target !== entry.memberName && (
          <>
            {' · '}
            <strong>{target}</strong>
          </>
        )}{' '}
        <Outcome outcome={entry.outcome} />
      </Text>
      <Text size="xs" c="dimmed">
        {from.filter((part) => part !== null).join(' · ')}
      </Text>
      {details !== '' && (
        <Text size="xs" c="dimmed" lineClamp={2} className="code-input">
          {details}
        </Text>
      )}
    </li>
  )
}

const Outcome = ({ outcome }: { outcome: string | null }) => {
  if (outcome === 'done') return null
  return (
    <Badge
      variant="light"
      color={outcome === null ? 'gray' : 'yellow'}
      className="state-badge"
      size="sm"
      component="span"
    >
      {outcome === null ? <Trans>not finished</Trans> : <Trans>refused: {outcome}</Trans>}
    </Badge>
  )
}
