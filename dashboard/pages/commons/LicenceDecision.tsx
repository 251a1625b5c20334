// Where a licence does not allow printing by itself: the question to the stewards, and their answer.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { Scale } from 'lucide-react'
import { useState } from 'react'
import type { Design } from '../../../server/contract/commons.ts'
import { askApproval, decideApproval, withdrawApproval } from '../../../server/contract/licences.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { formatInstant } from '../../format.ts'
import { queries, useAction } from '../../state/use-endpoint.ts'

const reread = (): void => void queries.invalidateQueries({ queryKey: ['/api/designs/:id'] })

export const LicenceDecision = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  const { approval, mayBePrinted, licence } = design
  if (approval === null && mayBePrinted) return null
  const decision = approval?.decision ?? null
  const title = {
    none: t`Before it is printed, a steward decides`,
    allowed: t`A steward has allowed to print it here`,
    refused: t`A steward has decided that it is not printed here`,
  }[decision ?? 'none']
  const why = {
    none: t`Nothing was said about a licence, so all rights are reserved.`,
    unknown: t`Its licence is not known here.`,
    ambiguous: t`Which licence is meant is not clear.`,
    'non-commercial': t`Its licence forbids commercial use, and whether a workshop that asks for its costs is one is not clear.`,
  }
  return (
    <Alert
      color={decision === 'allowed' ? 'slate' : decision === 'refused' ? 'red' : 'yellow'}
      icon={<Scale size={18} />}
      title={title}
    >
      <Stack gap="sm">
        {licence.asks !== null && decision === null && <Text size="sm">{why[licence.asks]}</Text>}
        {approval?.askedBy && (
          <Text size="sm">
            {approval.question === ''
              ? t`${approval.askedBy} asked.`
              : t`${approval.askedBy} asked: “${approval.question}”`}
          </Text>
        )}
        {decision !== null && (
          <Text size="sm">
            {[approval?.note, approval?.decidedBy, approval?.decidedAt && formatInstant(approval.decidedAt)]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        )}
        {may(me, 'steward') ? (
          <Decide design={design} />
        ) : (
          decision === null && may(me, 'queue') && !approval?.askedBy && <Ask designId={design.id} />
        )}
      </Stack>
    </Alert>
  )
}

const Ask = ({ designId }: { designId: number }) => {
  const { t } = useLingui()
  const [question, setQuestion] = useState('')
  const ask = useAction(askApproval, { done: reread })
  return (
    <Stack gap="xs">
      <Textarea
        label={t`What do you need it for?`}
        autosize
        maxLength={1000}
        value={question}
        onChange={({ currentTarget }) => setQuestion(currentTarget.value)}
      />
      <Group>
        <Button
          size="compact-md"
          loading={ask.isPending}
          onClick={() => ask.mutate({ params: { id: designId }, body: { question: question.trim() } })}
        >
          <Trans>Ask a steward</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

const Decide = ({ design }: { design: Design }) => {
  const { t } = useLingui()
  const [note, setNote] = useState('')
  const decide = useAction(decideApproval, { done: reread })
  const withdraw = useAction(withdrawApproval, { done: reread })
  const params = { id: design.id }
  const say = (decision: 'allowed' | 'refused'): void =>
    decide.mutate({ params, body: { decision, note: note.trim() } })
  if (design.approval?.decision) {
    return (
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate({ params })}
        >
          <Trans>Take the decision back</Trans>
        </Button>
      </Group>
    )
  }
  return (
    <Stack gap="xs">
      <Textarea
        label={t`Why`}
        description={t`Everybody who looks at the design reads it`}
        autosize
        maxLength={1000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Group>
        <Button size="compact-md" loading={decide.isPending} onClick={() => say('allowed')}>
          <Trans>Allow to print it</Trans>
        </Button>
        <Button size="compact-md" color="red" variant="light" loading={decide.isPending} onClick={() => say('refused')}>
          <Trans>Do not print it</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
