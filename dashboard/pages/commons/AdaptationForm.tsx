// Gives an adaptation back: a design of one's own, of what was made here of another, with its lineage.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Checkbox, Group, Loader, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { type Design, publishAdaptation } from '../../../server/contract/commons.ts'
import { listDerived } from '../../../server/contract/lineage.ts'
import { formatInstant } from '../../format.ts'
import { useAction, useEndpoint } from '../../state/use-endpoint.ts'

export const AdaptationForm = ({ design }: { design: Design }) => {
  const { t } = useLingui()
  const [, go] = useLocation()
  const derived = useEndpoint(listDerived, { query: { designId: design.id } })
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [files, setFiles] = useState<readonly string[]>([])
  const [name, setName] = useState(t`${design.name}, adapted`.slice(0, 120))
  const [description, setDescription] = useState('')
  const [change, setChange] = useState('')
  const [isPublished, setPublished] = useState(true)
  const publish = useAction(publishAdaptation, { quiet: true, done: ({ id }) => go(`/designs/${id}`) })
  const shapes = (derived.data ?? []).filter(({ kind, hash }) => kind !== 'slice' && kind !== 'gcode' && hash !== null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    publish.mutate({
      body: {
        name: name.trim(),
        description: description.trim(),
        change: change.trim(),
        derivedIds: chosen.map(Number),
        fileIds: files.map(Number),
        isPublished,
      },
    })
  }
  if (derived.isPending) return <Loader />
  if (derived.error) return <Alert color="red">{derived.error.message}</Alert>
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {shapes.length === 0 ? (
          <Alert color="blue">
            <Trans>
              Nothing of it was kept here yet. Open a part, set its parameters or turn and scale it, and keep the
              result: then it can be published.
            </Trans>
          </Alert>
        ) : (
          <Checkbox.Group label={t`What was made here`} value={[...chosen]} onChange={setChosen}>
            <Stack gap={6} mt={4}>
              {shapes.map(({ id, name: title, createdAt, parameters }) => (
                <Checkbox
                  key={id}
                  value={String(id)}
                  label={title}
                  description={[formatInstant(createdAt), ...plainValues(parameters)].join(' · ')}
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Checkbox.Group label={t`Files that go along as they are`} value={[...files]} onChange={setFiles}>
          <Stack gap={6} mt={4} className="short-list">
            {design.files.map(({ id, path }) => (
              <Checkbox key={id} value={String(id)} label={path} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label={t`Name`}
          required
          maxLength={120}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Textarea
          label={t`What it is for`}
          required
          autosize
          minRows={2}
          maxLength={5000}
          value={description}
          onChange={({ currentTarget }) => setDescription(currentTarget.value)}
        />
        <Textarea
          label={t`What you changed`}
          required
          autosize
          maxLength={1000}
          value={change}
          onChange={({ currentTarget }) => setChange(currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          {t`Its makers and its licence go along by themselves: ${design.licence.title}`}
        </Text>
        <Checkbox
          label={t`Show it in our catalogue`}
          checked={isPublished}
          onChange={({ currentTarget }) => setPublished(currentTarget.checked)}
        />
        {publish.error && <Alert color="red">{publish.error.message}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={publish.isPending} disabled={chosen.length + files.length === 0}>
            <Trans>Publish</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const plainValues = (parameters: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(parameters)
    .filter(([, value]) => typeof value !== 'object')
    .slice(0, 4)
    .map(([name, value]) => `${name} ${String(value)}`)
