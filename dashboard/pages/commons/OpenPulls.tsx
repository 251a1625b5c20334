// Pulls that go on in the background, and those that failed lately.
import { useLingui } from '@lingui/react/macro'
import { ActionIcon, Card, Group, Stack, Text } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import { cancelPull, listPulls } from '../../../server/contract/pulls.ts'
import { useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { isOpenPull, PullBar } from './PullProgress.tsx'

const RECENT_MS = 15 * 60_000

export const OpenPulls = () => {
  const { t } = useLingui()
  const pulls = useEndpoint(listPulls, {}, { every: 5000 })
  const cancel = useAction(cancelPull)
  const [seen, setSeen] = useState<ReadonlySet<number>>(new Set())
  const shown = (pulls.data ?? []).filter(
    (pull) =>
      pull.kind !== 'check' &&
      !seen.has(pull.id) &&
      (isOpenPull(pull) ||
        (pull.state === 'failed' && Date.now() - new Date(pull.endedAt ?? pull.createdAt).getTime() < RECENT_MS)),
  )
  if (shown.length === 0) return null
  return (
    <Card withBorder padding="sm" component="section" aria-label={t`Pulls under way`}>
      <Stack gap="sm">
        {shown.map((pull) => (
          <Group key={pull.id} wrap="nowrap" align="flex-start">
            <div className="grow">
              <Text size="sm" fw={550} className="break-anywhere">
                {pull.address}
              </Text>
              {isOpenPull(pull) ? (
                <PullBar pull={pull} />
              ) : (
                <Text size="sm" c="red">
                  {t`It failed: ${pull.reason ?? ''}`}
                </Text>
              )}
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={
                isOpenPull(pull) ? t`Cancel the pull of ${pull.address}` : t`Take ${pull.address} off this list`
              }
              onClick={() => {
                if (isOpenPull(pull)) cancel.mutate({ params: { id: pull.id } })
                setSeen(new Set([...seen, pull.id]))
              }}
            >
              <X size={16} />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
    </Card>
  )
}
