// Something that a printer needs from time to time.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { TaskShape } from '../../server/contract/maintenance.ts'

export interface TaskFormProps {
  readonly busy: boolean
  readonly refusal: string | null
  save(task: TaskShape): void
}

export const TaskForm = ({ busy, refusal, save }: TaskFormProps) => {
  const { t } = useLingui()
  const [task, setTask] = useState<TaskShape>({
    name: '',
    note: '',
    everyHours: null,
    everyMetres: null,
    everyPrints: null,
    everyDays: null,
  })
  const intervals = [
    ['everyHours', t`Hours of printing`],
    ['everyMetres', t`Metres of filament`],
    ['everyPrints', t`Prints`],
    ['everyDays', t`Days`],
  ] as const
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save({ ...task, name: task.name.trim() })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t`Task`}
          placeholder={t`Grease the rods`}
          value={task.name}
          onChange={({ currentTarget }) => setTask({ ...task, name: currentTarget.value })}
          required
          maxLength={80}
          data-autofocus
        />
        <TextInput
          label={t`How`}
          value={task.note}
          onChange={({ currentTarget }) => setTask({ ...task, note: currentTarget.value })}
          maxLength={2000}
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            <Trans>Every so many; whatever is over first makes it due</Trans>
          </Text>
          <SimpleGrid cols={2} spacing="md">
            {intervals.map(([field, label]) => (
              <NumberInput
                key={field}
                label={label}
                min={1}
                value={task[field] ?? ''}
                allowDecimal={field !== 'everyPrints'}
                onChange={(value) =>
                  setTask({ ...task, [field]: typeof value === 'number' && value > 0 ? value : null })
                }
              />
            ))}
          </SimpleGrid>
        </div>
        {refusal && <Alert color="red">{refusal}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            <Trans>Add it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
