// The objects of the plate that is printed, each of which can be given up while the others go on.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { CircleSlash } from 'lucide-react'
import { useState } from 'react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import type { PlateObject } from '../../server/contract/printer-controls.ts'

export interface PlateObjectsProps {
  readonly objects: readonly PlateObject[]
  readonly disabled: boolean
  ask(body: CommandBody): void
}

export const PlateObjects = ({ objects, disabled, ask }: PlateObjectsProps) => {
  const { t } = useLingui()
  const [asked, setAsked] = useState<string | null>(null)
  const left = objects.filter(({ excluded }) => !excluded).length
  if (objects.length < 2) return null
  return (
    <Card withBorder component="section" aria-label={t`Objects on the plate`}>
      <Title order={2} mb="xs">
        <Trans>Objects on the plate</Trans>
      </Title>
      <Stack gap={4} component="ul" className="plate-objects">
        {objects.map(({ name, excluded }) => (
          <li key={name}>
            <Group justify="space-between" wrap="nowrap" gap="sm" mih={36}>
              <Text
                size="sm"
                className="break-anywhere"
                td={excluded ? 'line-through' : ''}
                c={excluded ? 'dimmed' : ''}
              >
                {name}
              </Text>
              {excluded ? (
                <Text size="sm" c="dimmed" className="nowrap">
                  <Trans>Given up</Trans>
                </Text>
              ) : (
                asked !== name && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<CircleSlash size={14} aria-hidden />}
                    disabled={disabled || left < 2}
                    aria-label={t`Give up ${name}`}
                    onClick={() => setAsked(name)}
                  >
                    <Trans>Give up</Trans>
                  </Button>
                )
              )}
            </Group>
            {asked === name && !excluded && (
              <Group
                gap="xs"
                justify="space-between"
                className="call-for-hands"
                role="alertdialog"
                aria-label={t`Give up ${name}?`}
              >
                <Text size="sm">
                  <Trans>It is not printed on; the others are. This cannot be taken back.</Trans>
                </Text>
                <Group gap="xs">
                  <Button size="compact-sm" variant="default" onClick={() => setAsked(null)} data-autofocus>
                    <Trans>Print it on</Trans>
                  </Button>
                  <Button
                    size="compact-sm"
                    color="red"
                    onClick={() => {
                      setAsked(null)
                      ask({ kind: 'exclude-object', name })
                    }}
                  >
                    <Trans>Give it up</Trans>
                  </Button>
                </Group>
              </Group>
            )}
          </li>
        ))}
      </Stack>
    </Card>
  )
}
