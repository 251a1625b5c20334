// The parameters of an OpenSCAD part: what is changed here is rendered anew within seconds.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Group, Loader, Progress, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { askParameters, askRender, type ScadParameter, type ScadValues } from '../../../server/contract/model-work.ts'
import { call } from '../../api/call.ts'
import { ScadForm } from '../../components/ScadForm.tsx'
import { newEditor, useWork } from '../../state/models.ts'

/** While somebody types or drags, nothing is rendered. */
const STILL_MS = 350

export interface ScadPanelProps {
  /** The tree of the design, and which file of it is the part. */
  readonly tree: string
  readonly entry: string
  rendered(hash: string): void
}

export const ScadPanel = ({ tree, entry, rendered }: ScadPanelProps) => {
  const { t } = useLingui()
  const [parameters, setParameters] = useState<readonly ScadParameter[] | null>(null)
  const [values, setValues] = useState<ScadValues>({})
  const [editor] = useState(newEditor)
  const [still] = useDebouncedValue(values, STILL_MS)
  const asking = useWork((result) => setParameters(result.parameters ?? []))
  const rendering = useWork(({ rendered: hash }) => {
    if (hash !== undefined) rendered(hash)
  })
  const { run: ask } = asking
  const { run: render } = rendering
  useEffect(() => ask(() => call(askParameters, { body: { tree, entry } })), [ask, tree, entry])
  useEffect(
    () => render(() => call(askRender, { body: { tree, entry, values: still, editor } })),
    [render, tree, entry, still, editor],
  )
  return (
    <Stack gap="md">
      <div role="status" className="render-state">
        {rendering.isBusy ? (
          <>
            <Text size="sm">
              <Trans>Rendering…</Trans>
            </Text>
            <Progress
              value={rendering.progress > 0 ? rendering.progress * 100 : 100}
              animated
              size="sm"
              aria-label={t`Rendering`}
            />
          </>
        ) : (
          rendering.reason === null && (
            <Text size="sm" c="dimmed">
              <Trans>The picture shows these values.</Trans>
            </Text>
          )
        )}
      </div>
      {rendering.reason !== null && (
        <Alert color="red" title={t`With these values it makes no shape`}>
          {rendering.reason}
        </Alert>
      )}
      {rendering.notes.map(({ code, message }) => (
        <Text key={`${code} ${message}`} size="sm" c="dimmed" className="break-anywhere">
          {message}
        </Text>
      ))}
      {asking.isBusy && <Loader size="sm" />}
      {asking.reason !== null && <Alert color="red">{asking.reason}</Alert>}
      {parameters?.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>This part has no parameters to set.</Trans>
        </Text>
      )}
      {parameters !== null && parameters.length > 0 && (
        <>
          <ScadForm
            parameters={parameters}
            values={values}
            change={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
          />
          <Group>
            <Button
              size="compact-sm"
              variant="default"
              disabled={Object.keys(values).length === 0}
              onClick={() => setValues({})}
            >
              <Trans>All as its maker set it</Trans>
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}
