// Who belongs to the workshop, and who is invited to.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Avatar,
  Badge,
  Button,
  Card,
  Center,
  Group,
  Loader,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { ScrollText, Search } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { listMembers, type Me, type Member } from '../../server/contract/members.ts'
import { listPrinters, type Printer } from '../../server/contract/printers.ts'
import { changePrivacy, type Site } from '../../server/contract/site.ts'
import { useLimitText } from '../components/LimitFields.tsx'
import { useRoleNames } from '../components/use-role-names.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'
import { Invitations } from './Invitations.tsx'
import { MemberDrawer } from './MemberDrawer.tsx'

/** From so many members on, one looks for a name. */
const MANY = 8

export const MembersPage = ({ me, site }: { me: Me; site: Site }) => {
  const { t } = useLingui()
  const members = useEndpoint(listMembers, {})
  const printers = useEndpoint(listPrinters, {}).data ?? []
  const [search, setSearch] = useState('')
  const [chosenId, setChosenId] = useState<number | null>(null)
  const all = members.data ?? []
  const found = all.filter(({ name }) => name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase()))
  return (
    <Stack gap="lg" maw={820}>
      <Group justify="space-between">
        <Title order={1}>
          <Trans>Members</Trans>
        </Title>
        <Button component={Link} href="/audit" variant="default" leftSection={<ScrollText size={16} aria-hidden />}>
          <Trans>Who changed what</Trans>
        </Button>
      </Group>
      <Invitations printers={printers} />
      {members.isPending && (
        <Center mih={160}>
          <Loader />
        </Center>
      )}
      {all.length >= MANY && (
        <TextInput
          aria-label={t`Find a member`}
          placeholder={t`Find a member`}
          leftSection={<Search size={16} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      )}
      {found.length > 0 && (
        <Card withBorder p={0} component="ul" className="plain-list">
          {found.map((member) => (
            <MemberRow key={member.id} member={member} printers={printers} open={() => setChosenId(member.id)} />
          ))}
        </Card>
      )}
      {all.length > 0 && found.length === 0 && (
        <Text c="dimmed">
          <Trans>Nobody is called so.</Trans>
        </Text>
      )}
      <Privacy site={site} />
      <MemberDrawer
        member={all.find(({ id }) => id === chosenId) ?? null}
        me={me}
        printers={printers}
        close={() => setChosenId(null)}
      />
    </Stack>
  )
}

interface MemberRowProps {
  readonly member: Member
  readonly printers: readonly Printer[]
  open(): void
}

const MemberRow = ({ member, printers, open }: MemberRowProps) => {
  const { t } = useLingui()
  const names = useRoleNames()
  const limitText = useLimitText()
  const limits = limitText(member.limits, printers)
  const seen = member.seenAt === null ? t`not signed in at present` : t`seen ${formatInstant(member.seenAt)}`
  return (
    <li className="job-row">
      <Avatar name={member.name} color={member.active ? 'initials' : 'gray'} size={38} radius="xl" alt="" />
      <div className="grow">
        <Group gap="xs">
          <Text fw={550} {...(member.active ? {} : { c: 'dimmed' })} className="break-anywhere">
            {member.name}
          </Text>
          <Badge variant="light" color={member.role === 'steward' ? 'tile' : 'slate'} className="state-badge">
            {names[member.role].name}
          </Badge>
          {!member.active && (
            <Badge variant="light" color="gray" className="state-badge">
              <Trans>Switched off</Trans>
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {[seen, member.hasSecondFactor ? t`second factor` : null].filter((part) => part !== null).join(' · ')}
        </Text>
        {limits !== null && <Text size="sm">{limits}</Text>}
      </div>
      <Button variant="default" size="xs" flex="none" onClick={open} aria-label={t`Change ${member.name}`}>
        <Trans>Change</Trans>
      </Button>
    </li>
  )
}

const Privacy = ({ site }: { site: Site }) => {
  const { t } = useLingui()
  const change = useAction(changePrivacy, {
    done: () => {
      queries.invalidateQueries().catch(() => {})
    },
  })
  return (
    <Card withBorder>
      <Switch
        label={t`Members see the names of each other's parts`}
        description={t`Otherwise only those who run the machines do, and members may still show their own. Everyone sees what is occupied, and until when.`}
        checked={site.showsNames}
        disabled={change.isPending}
        onChange={({ currentTarget }) => change.mutate({ body: { showsNames: currentTarget.checked } })}
      />
    </Card>
  )
}
