// What is to be learnt before certain printers or materials are used, who has learnt it, and who teaches it.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Badge, Button, Card, Center, Drawer, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { GraduationCap, Plus } from 'lucide-react'
import { useState } from 'react'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import { listPrinters, type Printer } from '../../server/contract/printers.ts'
import {
  type Grant,
  listExpiring,
  listMyGrants,
  listQualifications,
  type Qualification,
} from '../../server/contract/qualifications.ts'
import type { Site } from '../../server/contract/site.ts'
import { SiteZone, useSiteTimes } from '../components/calendar/use-site-times.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { Section } from '../components/Section.tsx'
import { useQualificationWords } from '../components/use-qualification-words.ts'
import { useEndpoint } from '../state/use-endpoint.ts'
import { GrantList } from './GrantList.tsx'
import { QualificationForm } from './QualificationForm.tsx'

interface QualificationsPageProps {
  readonly me: Me
  readonly site: Site
}

type Shown =
  | { readonly kind: 'form'; readonly of: Qualification | null }
  | { readonly kind: 'grants'; readonly of: Qualification }

export const QualificationsPage = ({ me, site }: QualificationsPageProps) => {
  const { t } = useLingui()
  const all = useEndpoint(listQualifications, {})
  const printers = useEndpoint(listPrinters, {}).data ?? []
  const isSmall = useMediaQuery('(max-width: 48em)')
  const [shown, setShown] = useState<Shown | null>(null)
  const isSteward = may(me, 'steward', 'everywhere')
  const close = (): void => setShown(null)
  // As it is now: what the drawer shows may have changed meanwhile.
  const current = all.data?.find(({ id }) => id === shown?.of?.id) ?? shown?.of ?? null
  if (all.error && !all.data) return <Alert color="red">{all.error.message}</Alert>
  if (!all.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  return (
    <SiteZone value={site.timeZone}>
      <Stack gap="lg" maw={860}>
        <Group justify="space-between">
          <Title order={1}>
            <Trans>Qualifications</Trans>
          </Title>
          {isSteward && (
            <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setShown({ kind: 'form', of: null })}>
              <Trans>Ask for a qualification</Trans>
            </Button>
          )}
        </Group>
        {all.data.length === 0 && (
          <EmptyState icon={GraduationCap} title={t`Nothing need be learnt first`}>
            <Trans>Every member may use every printer. Stewards can ask for a qualification here.</Trans>
          </EmptyState>
        )}
        {all.data.map((one) => (
          <QualificationCard
            key={one.id}
            qualification={one}
            printers={printers}
            isSteward={isSteward}
            show={setShown}
          />
        ))}
        {all.data.some(({ mayGrant }) => mayGrant !== null) && <Expiring />}
        <Mine />
      </Stack>
      <Drawer
        opened={shown !== null}
        onClose={close}
        position="right"
        size={isSmall ? '100%' : 500}
        title={current?.name ?? t`Ask for a qualification`}
      >
        {shown?.kind === 'form' && <QualificationForm saved={shown.of} printers={printers} done={close} />}
        {shown?.kind === 'grants' && current && <GrantList qualification={current} />}
      </Drawer>
    </SiteZone>
  )
}

interface CardProps {
  readonly qualification: Qualification
  readonly printers: readonly Printer[]
  readonly isSteward: boolean
  show(shown: Shown): void
}

const QualificationCard = ({ qualification, printers, isSteward, show }: CardProps) => {
  const { t } = useLingui()
  const words = useQualificationWords()
  const { name, kind, covers, nextStep, mentors, mayGrant, expiry, expiryDays } = qualification
  const nameOf = (id: number): string => printers.find((printer) => printer.id === id)?.name ?? `#${id}`
  const where = [
    ...covers.modelOf.map((id) => t`printers like ${nameOf(id)}`),
    ...covers.printerIds.map(nameOf),
    ...covers.tags,
    ...covers.materials,
  ]
  const days = expiryDays ?? 0
  const ends = { never: '', after: t`It ends after ${days} days.`, disuse: t`It ends after ${days} days without use.` }
  return (
    <Card withBorder component="article" aria-label={name}>
      <Group justify="space-between" align="flex-start">
        <div className="grow">
          <Group gap="xs">
            <Title order={2}>{name}</Title>
            <Badge variant="light" className="state-badge">
              {words.kinds[kind]}
            </Badge>
          </Group>
          <Text size="sm" c="dimmed" mt={4}>
            {where.length === 0 ? t`For all printers.` : t`For: ${where.join(', ')}.`} {ends[expiry]}
          </Text>
          {nextStep !== '' && (
            <Text size="sm" mt={4}>
              {nextStep}
            </Text>
          )}
          <Text size="sm" mt={4}>
            {mentors.length === 0 ? (
              <Trans>Nobody teaches it yet; ask a steward.</Trans>
            ) : (
              t`Taught by ${mentors.map((one) => one.name).join(', ')}.`
            )}
          </Text>
        </div>
        <Group gap="xs">
          {mayGrant !== null && (
            <Button
              variant="default"
              onClick={() => show({ kind: 'grants', of: qualification })}
              aria-label={t`Who has learnt ${name}`}
            >
              <Trans>Who has it</Trans>
            </Button>
          )}
          {isSteward && (
            <Button
              variant="default"
              onClick={() => show({ kind: 'form', of: qualification })}
              aria-label={t`Change ${name}`}
            >
              <Trans>Change…</Trans>
            </Button>
          )}
        </Group>
      </Group>
    </Card>
  )
}

const GrantLine = ({ grant, who }: { grant: Grant; who: boolean }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const words = useQualificationWords()
  const until = grant.validUntil === null ? '' : t`until ${times.day(grant.validUntil)}`
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={4} gap="sm">
      <Text size="sm" className="grow">
        {[who ? grant.memberName : '', grant.qualificationName, words.levels[grant.level]].filter(Boolean).join(' · ')}
        {grant.revokedReason && (
          <Text span size="sm" c="dimmed">
            {` · ${grant.revokedReason}`}
          </Text>
        )}
      </Text>
      <Text size="sm" c="dimmed" className="nowrap">
        {grant.state === 'valid' ? until : words.states[grant.state]}
      </Text>
    </Group>
  )
}

const Expiring = () => {
  const { t } = useLingui()
  const grants = useEndpoint(listExpiring, { query: { days: 60 } }).data ?? []
  if (grants.length === 0) return null
  return (
    <Section title={t`Ends soon`} lead={t`Within two months, or just ended`}>
      <ul className="plain-list">
        {grants.map((grant) => (
          <GrantLine key={grant.id} grant={grant} who />
        ))}
      </ul>
    </Section>
  )
}

const Mine = () => {
  const { t } = useLingui()
  const grants = useEndpoint(listMyGrants, {}).data ?? []
  if (grants.length === 0) return null
  return (
    <Section title={t`What I have learnt`}>
      <ul className="plain-list">
        {grants.map((grant) => (
          <GrantLine key={grant.id} grant={grant} who={false} />
        ))}
      </ul>
    </Section>
  )
}
