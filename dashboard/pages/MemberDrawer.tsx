// One member, as stewards change accounts: name, role, printers, a way back in, or out.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Divider, Drawer, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { KeyRound, LogOut, Power, ShieldOff, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import {
  changeMember,
  dropSecondFactor,
  listMembers,
  type Me,
  type Member,
  makeResetLink,
  removeMember,
  signMemberOut,
} from '../../server/contract/members.ts'
import { roles } from '../../server/contract/permissions.ts'
import type { Printer } from '../../server/contract/printers.ts'
import { CopyField } from '../components/CopyField.tsx'
import { LimitFields } from '../components/LimitFields.tsx'
import { useRoleNames } from '../components/use-role-names.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction } from '../state/use-endpoint.ts'

export interface MemberDrawerProps {
  readonly member: Member | null
  readonly me: Me
  readonly printers: readonly Printer[]
  close(): void
}

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listMembers.url] }).catch(() => {})
}

export const MemberDrawer = ({ member, me, printers, close }: MemberDrawerProps) => (
  <Drawer opened={member !== null} onClose={close} position="right" title={member?.name} size="md">
    {member !== null && (
      <Stack gap="lg" key={member.id}>
        <Settings member={member} printers={printers} close={close} />
        <Divider />
        <WaysBack member={member} />
        <Divider />
        <WaysOut member={member} isMe={member.id === me.id} close={close} />
      </Stack>
    )}
  </Drawer>
)

const Settings = ({ member, printers, close }: Omit<MemberDrawerProps, 'member' | 'me'> & { member: Member }) => {
  const { t } = useLingui()
  const names = useRoleNames()
  const [name, setName] = useState(member.name)
  const [role, setRole] = useState(member.role)
  const [limits, setLimits] = useState(member.limits)
  const save = useAction(changeMember, {
    quiet: true,
    done: () => {
      reread()
      close()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate({ params: { id: member.id }, body: { name: name.trim(), role, limits } })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t`Name`}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          required
          maxLength={80}
        />
        <Select
          label={t`Role`}
          description={member.followsGroups ? t`The groups of the other sign-in set it` : undefined}
          data={roles.map((value) => ({ value, label: `${names[value].name}: ${names[value].does}` }))}
          value={role}
          onChange={(value) => setRole(roles.find((one) => one === value) ?? role)}
          allowDeselect={false}
          disabled={member.followsGroups}
        />
        <LimitFields role={role} limits={limits} printers={printers} change={setLimits} />
        {save.isError && (
          <Alert color="red" role="alert">
            {save.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** A forgotten password, a lost phone, a lost laptop. */
const WaysBack = ({ member }: { member: Member }) => {
  const { t } = useLingui()
  const params = { id: member.id }
  const said = (message: string): void => {
    notifications.show({ message, color: 'slate' })
    reread()
  }
  const reset = useAction(makeResetLink)
  const drop = useAction(dropSecondFactor, { done: () => said(t`The second factor of ${member.name} is off.`) })
  const out = useAction(signMemberOut, { done: () => said(t`${member.name} is signed out everywhere.`) })
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        leftSection={<KeyRound size={16} aria-hidden />}
        loading={reset.isPending}
        onClick={() => reset.mutate({ params })}
      >
        <Trans>Link for a new password</Trans>
      </Button>
      {reset.data && (
        <Alert color="slate" title={t`Hand this link over`} w="100%">
          <CopyField value={`${location.origin}/new-password/${reset.data.token}`} label={t`Link for a new password`} />
          <Text size="sm" mt="xs">
            <Trans>It works once, until {formatInstant(reset.data.endsAt)}. It is not shown again.</Trans>
          </Text>
        </Alert>
      )}
      {member.hasSecondFactor && (
        <Button
          variant="default"
          leftSection={<ShieldOff size={16} aria-hidden />}
          loading={drop.isPending}
          onClick={() => drop.mutate({ params })}
        >
          <Trans>Turn the second factor off</Trans>
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<LogOut size={16} aria-hidden />}
        loading={out.isPending}
        onClick={() => out.mutate({ params })}
      >
        <Trans>Sign out everywhere, revoke keys</Trans>
      </Button>
    </Stack>
  )
}

const WaysOut = ({ member, isMe, close }: { member: Member; isMe: boolean; close(): void }) => {
  const { t } = useLingui()
  const [asking, setAsking] = useState(false)
  const params = { id: member.id }
  const change = useAction(changeMember, { done: reread })
  const remove = useAction(removeMember, {
    done: () => {
      reread()
      setAsking(false)
      close()
    },
  })
  if (isMe) {
    return (
      <Text size="sm" c="dimmed">
        <Trans>This is you. Another steward can switch your account off.</Trans>
      </Text>
    )
  }
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<Power size={16} aria-hidden />}
        loading={change.isPending}
        onClick={() => change.mutate({ params, body: { active: !member.active } })}
      >
        {member.active ? <Trans>Switch off</Trans> : <Trans>Switch on</Trans>}
      </Button>
      <Button
        variant="subtle"
        color="red"
        leftSection={<Trash2 size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        <Trans>Remove</Trans>
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t`Remove ${member.name}?`} centered>
        <Stack>
          <Text>
            <Trans>
              The account is gone for good, and what still waits of it is cancelled. Past jobs stay on record under the
              name.
            </Trans>
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              <Trans>Keep</Trans>
            </Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ params })}>
              <Trans>Remove</Trans>
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Group>
  )
}
