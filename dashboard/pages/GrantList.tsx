// Who has learnt it: granted to somebody new, or taken back with a reason.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import {
  type Grant,
  grantQualification,
  type Level,
  levels,
  listGrants,
  methods,
  type Qualification,
  revokeGrant,
} from '../../server/contract/qualifications.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { useQualificationWords } from '../components/use-qualification-words.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries().catch(() => {})
}

const grantable = ['learner', 'independent', 'overnight', 'mentor', 'host'] as const
type Grantable = (typeof grantable)[number]

const rank = (level: Level): number => levels.indexOf(level)

export const GrantList = ({ qualification }: { qualification: Qualification }) => {
  const { t } = useLingui()
  const grants = useEndpoint(listGrants, { params: { id: qualification.id } })
  const [revoking, setRevoking] = useState<Grant | null>(null)
  return (
    <Stack gap="lg">
      <GrantForm qualification={qualification} />
      {grants.error && <Alert color="red">{grants.error.message}</Alert>}
      {grants.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>Nobody has learnt it yet.</Trans>
        </Text>
      )}
      <ul className="plain-list">
        {grants.data?.map((grant) => (
          <GrantRow key={grant.id} grant={grant} revoke={() => setRevoking(grant)} />
        ))}
      </ul>
      <Modal
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={revoking && t`Take it back from ${revoking.memberName}?`}
        centered
      >
        {revoking && <Revoke grant={revoking} done={() => setRevoking(null)} />}
      </Modal>
    </Stack>
  )
}

const GrantForm = ({ qualification }: { qualification: Qualification }) => {
  const { t } = useLingui()
  const words = useQualificationWords()
  const [name, setName] = useState('')
  const [level, setLevel] = useState<Grantable>('learner')
  const [method, setMethod] = useState<(typeof methods)[number]>('demonstration')
  const [note, setNote] = useState('')
  const grant = useAction(grantQualification, {
    quiet: true,
    done: () => {
      setName('')
      setNote('')
      reread()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const body = { name: name.trim(), level, method, ...(note.trim() === '' ? {} : { note: note.trim() }) }
    grant.mutate({ params: { id: qualification.id }, body })
  }
  const most = rank(qualification.mayGrant ?? 'visitor')
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t`Who has learnt it`}
          placeholder={t`Name of the member`}
          required
          maxLength={80}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Select
          label={t`Level`}
          data={grantable.filter((one) => rank(one) <= most).map((value) => ({ value, label: words.levels[value] }))}
          value={level}
          allowDeselect={false}
          onChange={(value) => setLevel(grantable.find((one) => one === value) ?? 'learner')}
        />
        <Select
          label={t`How it was seen`}
          data={methods.map((value) => ({ value, label: words.methods[value] }))}
          value={method}
          allowDeselect={false}
          onChange={(value) => setMethod(methods.find((one) => one === value) ?? 'demonstration')}
        />
        <TextInput
          label={t`Note`}
          maxLength={500}
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
        />
        {grant.isError && (
          <Alert color="red" role="alert">
            {grant.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={grant.isPending}>
            <Trans>Grant it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const GrantRow = ({ grant, revoke }: { grant: Grant; revoke(): void }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const words = useQualificationWords()
  const at = times.day(grant.at)
  const facts = [
    t`by ${grant.grantedBy}, ${at}`,
    words.methods[grant.method],
    grant.note,
    grant.validUntil === null ? '' : t`until ${times.day(grant.validUntil)}`,
    grant.state === 'valid' ? '' : words.states[grant.state],
    grant.revokedReason ?? '',
  ]
  return (
    <Group component="li" justify="space-between" wrap="nowrap" py={6} gap="sm" align="flex-start">
      <div className="grow">
        <Text size="sm" fw={550}>
          {grant.memberName} · {words.levels[grant.level]}
        </Text>
        <Text size="sm" c="dimmed">
          {facts.filter(Boolean).join(' · ')}
        </Text>
      </div>
      {grant.state !== 'revoked' && (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          onClick={revoke}
          aria-label={t`Take it back from ${grant.memberName}`}
        >
          <Trans>Take back</Trans>
        </Button>
      )}
    </Group>
  )
}

const Revoke = ({ grant, done }: { grant: Grant; done(): void }) => {
  const { t } = useLingui()
  const [reason, setReason] = useState('')
  const revoke = useAction(revokeGrant, {
    quiet: true,
    done: () => {
      reread()
      done()
    },
  })
  return (
    <Stack>
      <TextInput
        label={t`Reason`}
        description={t`It stays on record, and the member reads it.`}
        maxLength={500}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        data-autofocus
      />
      {revoke.isError && (
        <Alert color="red" role="alert">
          {revoke.error.message}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={done}>
          <Trans>Keep it</Trans>
        </Button>
        <Button
          color="red"
          disabled={reason.trim().length < 3}
          loading={revoke.isPending}
          onClick={() => revoke.mutate({ params: { id: grant.id }, body: { reason: reason.trim() } })}
        >
          <Trans>Take it back</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
