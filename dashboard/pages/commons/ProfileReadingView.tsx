// What a profile of another slicer says, and which of it can be taken.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Spoiler, Stack, Text } from '@mantine/core'
import { OctagonX } from 'lucide-react'
import type { ProfileReading } from '../../../server/contract/slicing.ts'

export const ProfileReadingView = ({ reading, take }: { reading: ProfileReading; take(): void }) => {
  const { t } = useLingui()
  const { name, program, mapped, unmapped, refused, settings } = reading
  const count = Object.keys(settings).length
  return (
    <Stack gap="md">
      <Text>{t`${name}, from ${program === 'cura' ? 'Cura' : 'PrusaSlicer'}`}</Text>
      <Text size="sm">
        <Plural
          value={mapped.length}
          one="# of its settings is understood."
          other="# of its settings are understood."
        />{' '}
        {unmapped.length > 0 && (
          <Plural
            value={unmapped.length}
            one="# has no counterpart here and is left out."
            other="# have no counterpart here and are left out."
          />
        )}
      </Text>
      {refused.length > 0 && (
        <Alert color="yellow" icon={<OctagonX size={18} />} title={t`Not taken`}>
          <Stack component="ul" gap={4} className="plain-list">
            {refused.map(({ key, reason }) => (
              <Text component="li" size="sm" key={key} className="break-anywhere">
                <strong>{key}</strong>: {reason}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      {unmapped.length > 0 && (
        <Spoiler maxHeight={0} showLabel={<Trans>What is left out</Trans>} hideLabel={<Trans>Hide it</Trans>}>
          <Text size="sm" c="dimmed" className="break-anywhere">
            {unmapped.join(', ')}
          </Text>
        </Spoiler>
      )}
      <Group justify="flex-end">
        <Button disabled={count === 0} onClick={take}>
          <Trans>Take it over</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
