// The Spoolman server with which spools are shared.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Group, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { linkSpoolman, type SpoolmanLink, showSpoolman, unlinkSpoolman } from '../../server/contract/spoolman.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const refresh = (): void => {
  queries.invalidateQueries({ queryKey: [showSpoolman.url] }).catch(() => {})
}

export const SpoolmanCard = ({ maySet }: { maySet: boolean }) => {
  const link = useEndpoint(showSpoolman, {}, { every: 15_000 })
  if (link.data === undefined || (link.data === null && !maySet)) return null
  return (
    <Card withBorder maw={640}>
      <Title order={2} mb="xs">
        Spoolman
      </Title>
      {link.data === null ? <Link /> : <Linked link={link.data} maySet={maySet} />}
    </Card>
  )
}

const Linked = ({ link, maySet }: { link: SpoolmanLink; maySet: boolean }) => {
  const unlink = useAction(unlinkSpoolman, { done: refresh })
  const { address, version, syncedAt, trouble, waiting } = link
  return (
    <>
      <Group justify="space-between">
        <div>
          <Text className="break-anywhere">{address}</Text>
          <Text size="sm" c="dimmed">
            {[version, syncedAt && formatInstant(syncedAt)].filter(Boolean).join(' · ')}
          </Text>
        </div>
        {maySet && (
          <Button variant="default" loading={unlink.isPending} onClick={() => unlink.mutate({})}>
            <Trans>Share no longer</Trans>
          </Button>
        )}
      </Group>
      {trouble !== null && (
        <Alert color="yellow" mt="sm">
          {trouble} {waiting > 0 && <Trans>What was printed meanwhile is kept, and told when it answers again.</Trans>}
        </Alert>
      )}
    </>
  )
}

const Link = () => {
  const { t } = useLingui()
  const [address, setAddress] = useState('')
  const link = useAction(linkSpoolman, { quiet: true, done: refresh })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    link.mutate({ body: { address } })
  }
  return (
    <form onSubmit={submit}>
      <Text size="sm" c="dimmed" mb="sm">
        <Trans>
          Share filaments and spools with a Spoolman server of your network: its spools come here, and what is printed
          is told there.
        </Trans>
      </Text>
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t`Address`}
          placeholder="http://192.168.1.5:7912"
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          required
          className="grow"
        />
        <Button type="submit" loading={link.isPending}>
          <Trans>Share</Trans>
        </Button>
      </Group>
      {link.error && (
        <Alert color="red" mt="sm">
          {link.error.message}
        </Alert>
      )}
    </form>
  )
}
