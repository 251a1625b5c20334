// Who belongs to the workshop, and inviting others.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Badge,
  Button,
  Card,
  Center,
  CopyButton,
  Group,
  Loader,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { Check, Copy, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { invite, listMembers } from '../../server/contract/members.ts'
import { type Role, roles } from '../../server/contract/permissions.ts'
import { formatInstant } from '../format.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

const useRoleNames = (): Record<Role, string> => {
  const { t } = useLingui()
  return {
    visitor: t`Visitor: looks`,
    member: t`Member: queues parts`,
    operator: t`Operator: runs the machines`,
    steward: t`Steward: settings and members`,
  }
}

export const MembersPage = () => {
  const members = useEndpoint(listMembers, {})
  const names = useRoleNames()
  return (
    <Stack gap="md" maw={760}>
      <Title order={1}>
        <Trans>Members</Trans>
      </Title>
      <Invite />
      {members.isPending && (
        <Center mih={160}>
          <Loader />
        </Center>
      )}
      {members.data && (
        <Card withBorder p={0}>
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <Trans>Name</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Role</Trans>
                </Table.Th>
                <Table.Th>
                  <Trans>Since</Trans>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {members.data.map((member) => (
                <Table.Tr key={member.id}>
                  <Table.Td>{member.name}</Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={member.role === 'steward' ? 'tile' : 'slate'} className="state-badge">
                      {names[member.role].split(':')[0]}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{formatInstant(member.createdAt)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Card>
      )}
    </Stack>
  )
}

const Invite = () => {
  const { t } = useLingui()
  const names = useRoleNames()
  const [role, setRole] = useState<Role>('member')
  const make = useAction(invite)
  const link = make.data ? `${location.origin}/join/${make.data.token}` : null
  return (
    <Card withBorder>
      <Group align="flex-end" gap="sm">
        <Select
          label={t`Invite somebody as`}
          data={roles.map((value) => ({ value, label: names[value] }))}
          value={role}
          onChange={(value) => setRole(roles.find((one) => one === value) ?? 'member')}
          allowDeselect={false}
          className="grow"
        />
        <Button
          leftSection={<UserPlus size={16} aria-hidden />}
          loading={make.isPending}
          onClick={() => make.mutate({ body: { role } })}
        >
          <Trans>Make a link</Trans>
        </Button>
      </Group>
      {link && make.data && (
        <Alert mt="md" color="slate" title={t`Hand this link over`}>
          <Group gap="xs" wrap="nowrap">
            <TextInput
              value={link}
              readOnly
              className="grow"
              aria-label={t`Invitation`}
              onFocus={({ currentTarget }) => currentTarget.select()}
            />
            <CopyButton value={link}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  onClick={copy}
                  leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
                >
                  {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Text size="sm" mt="xs">
            <Trans>It works once, until {formatInstant(make.data.endsAt)}.</Trans>
          </Text>
        </Alert>
      )}
    </Card>
  )
}
