// How a part may lie best: suggestions, each with its reason.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { Lightbulb } from 'lucide-react'
import { useState } from 'react'
import { askOrientations, type Orientation } from '../../../server/contract/model-work.ts'
import { call } from '../../api/call.ts'
import { formatNumber } from '../../format.ts'
import type { Quaternion } from '../../part/placing.ts'
import { useWork } from '../../state/models.ts'

export const Suggestions = ({ hash, choose }: { hash: string; choose(rotation: Quaternion): void }) => {
  const { t } = useLingui()
  const [found, setFound] = useState<readonly Orientation[]>([])
  const work = useWork((result) => setFound(result.orientations ?? []))
  return (
    <Stack gap={6}>
      <Group>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<Lightbulb size={14} aria-hidden />}
          loading={work.isBusy}
          onClick={() => work.run(() => call(askOrientations, { params: { hash } }))}
        >
          <Trans>How would it lie best?</Trans>
        </Button>
      </Group>
      {work.reason !== null && <Alert color="red">{work.reason}</Alert>}
      {found.map(({ rotation: [x = 0, y = 0, z = 0, w = 1], message, overhang, height }, at) => (
        <UnstyledButton
          key={`${x} ${y} ${z} ${w}`}
          className="suggestion"
          aria-label={t`Lay it so: ${message}`}
          onClick={() => choose([x, y, z, w])}
        >
          <Text size="sm" fw={at === 0 ? 600 : 400}>
            {message}
          </Text>
          <Text size="xs" c="dimmed" className="figures">
            <Trans>
              {formatNumber(height, 1)} mm high, {formatNumber(overhang / 100, 1)} cm² hang over
            </Trans>
          </Text>
        </UnstyledButton>
      ))}
    </Stack>
  )
}
