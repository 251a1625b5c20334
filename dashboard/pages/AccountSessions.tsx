// Where one is signed in, and ending that.
import { Trans, useLingui } from '@lingui/react/macro'
import { Badge, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { Laptop, Smartphone } from 'lucide-react'
import { endSession, listSessions, type Session, signOutEverywhere } from '../../server/contract/account.ts'
import { browserName } from '../browser-name.ts'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listSessions.url] }).catch(() => {})
}

export const Sessions = () => {
  const sessions = useEndpoint(listSessions, {})
  const end = useAction(endSession, { done: reread })
  const others = useAction(signOutEverywhere, { done: reread })
  const everywhere = useAction(signOutEverywhere, { done: () => void queries.resetQueries() })
  if (!sessions.data) return <Loader />
  return (
    <Stack>
      <ul className="plain-list">
        {sessions.data.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            ending={end.isPending && end.variables?.params.id === session.id}
            end={() => end.mutate({ params: { id: session.id } })}
          />
        ))}
      </ul>
      <Group gap="xs">
        {sessions.data.length > 1 && (
          <Button
            variant="default"
            loading={others.isPending}
            onClick={() => others.mutate({ query: { keepThis: true } })}
          >
            <Trans>Sign out everywhere else</Trans>
          </Button>
        )}
        <Button
          variant="subtle"
          color="red"
          loading={everywhere.isPending}
          onClick={() => everywhere.mutate({ query: {} })}
        >
          <Trans>Sign out everywhere</Trans>
        </Button>
      </Group>
    </Stack>
  )
}

const SessionRow = ({ session, ending, end }: { session: Session; ending: boolean; end(): void }) => {
  const { t } = useLingui()
  const called = browserName(session.browser)
  const name = called === '' ? t`A browser` : called
  const Icon = /Android|iPhone|iPad/.test(called) ? Smartphone : Laptop
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={6} align="flex-start">
      <Icon size={20} aria-hidden className="no-shrink" />
      <div className="grow">
        <Group gap="xs">
          <Text fw={550} size="sm">
            {name}
          </Text>
          {session.isThis && (
            <Badge variant="light" className="state-badge">
              <Trans>Here</Trans>
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          <Trans>
            {session.address} · last seen {formatInstant(session.seenAt)}
          </Trans>
        </Text>
      </div>
      {!session.isThis && (
        <Button
          variant="default"
          size="xs"
          flex="none"
          loading={ending}
          onClick={end}
          aria-label={t`Sign out: ${name}, ${session.address}`}
        >
          <Trans>Sign out</Trans>
        </Button>
      )}
    </Group>
  )
}
