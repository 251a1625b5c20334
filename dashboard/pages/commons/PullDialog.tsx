// Brings a design: from an address, or from one's own disk.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Group, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { type Pull, pullDesign } from '../../../server/contract/pulls.ts'
import { useAction } from '../../state/use-endpoint.ts'
import { PullProgress } from './PullProgress.tsx'
import { UploadDesign } from './UploadDesign.tsx'

export interface PullDialogProps {
  /** A newer version of this design of one's own; left out: a new one. */
  readonly designId?: number
  readonly designName?: string
  close(): void
}

export const PullDialog = ({ designId, designName, close }: PullDialogProps) => {
  const { t } = useLingui()
  const [pull, setPull] = useState<Pull | null>(null)
  if (pull !== null) return <PullProgress id={pull.id} again={() => setPull(null)} close={close} />
  if (designId !== undefined) return <UploadDesign designId={designId} name={designName ?? ''} begun={setPull} />
  return (
    <Tabs defaultValue="address" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="address">{t`From an address`}</Tabs.Tab>
        <Tabs.Tab value="disk">{t`From this computer`}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="address">
        <FromAddress begun={setPull} />
      </Tabs.Panel>
      <Tabs.Panel value="disk">
        <UploadDesign begun={setPull} />
      </Tabs.Panel>
    </Tabs>
  )
}

const FromAddress = ({ begun }: { begun(pull: Pull): void }) => {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const pull = useAction(pullDesign, { quiet: true, done: begun })
  const address = typed.trim()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    pull.mutate({ body: { address } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t`Address`}
          description={t`A repository, an OKH manifest, a Manyfold page, a file or an archive`}
          placeholder="codeberg.org/someone/something"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
        />
        {pull.error && <Alert color="red">{pull.error.message}</Alert>}
        <Group justify="space-between">
          <Text size="sm" c="dimmed">
            <Trans>
              Or{' '}
              <Link href="/lists" asChild>
                <Anchor inherit>look around</Anchor>
              </Link>{' '}
              in lists of designs.
            </Trans>
          </Text>
          <Button type="submit" disabled={address.length < 3} loading={pull.isPending}>
            <Trans>Pull</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
