// The object of the plate that was clicked on: its name, and giving it up while it is printed.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, CloseButton, Group, Text } from '@mantine/core'
import { CircleSlash } from 'lucide-react'
import { useState } from 'react'

export interface ObjectControl {
  /** Names of those that were given up. */
  readonly excluded: ReadonlySet<string>
  /** Whether this person may give one up now. */
  readonly mayExclude: boolean
  exclude(name: string): void
}

export const ChosenObject = ({
  name,
  left,
  control,
  close,
}: {
  name: string
  /** Objects that are still printed. */
  left: number
  control: ObjectControl | null
  close(): void
}) => {
  const { t } = useLingui()
  const [asked, setAsked] = useState(false)
  const gone = control?.excluded.has(name) === true
  return (
    <section className="toolpath-object" aria-label={t`Chosen object`}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600} className="break-anywhere">
          {name}
        </Text>
        <CloseButton size="sm" aria-label={t`Choose none`} onClick={close} />
      </Group>
      {gone && (
        <Text size="sm" c="dimmed">
          <Trans>Given up</Trans>
        </Text>
      )}
      {control?.mayExclude && !gone && !asked && (
        <Button
          size="compact-sm"
          variant="default"
          mt={4}
          disabled={left < 2}
          leftSection={<CircleSlash size={14} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          <Trans>Give up</Trans>
        </Button>
      )}
      {asked && !gone && (
        <div role="alertdialog" aria-label={t`Give up ${name}?`}>
          <Text size="sm" my={4}>
            <Trans>It is not printed on; the others are. This cannot be taken back.</Trans>
          </Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={() => setAsked(false)} data-autofocus>
              <Trans>Print it on</Trans>
            </Button>
            <Button
              size="compact-sm"
              color="red"
              onClick={() => {
                setAsked(false)
                control?.exclude(name)
              }}
            >
              <Trans>Give it up</Trans>
            </Button>
          </Group>
        </div>
      )}
    </section>
  )
}
