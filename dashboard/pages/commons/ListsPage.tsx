// Places elsewhere with many designs: look through them, and pull what one needs.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Card, Group, Loader, Modal, Stack, Tabs, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Compass, Search, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import {
  addList,
  browseList,
  type CommonsList,
  type ListEntry,
  listLists,
  type Pull,
  pullDesign,
  removeList,
} from '../../../server/contract/pulls.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { LicenceBadge } from '../../components/LicenceWords.tsx'
import { queries, useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { PullProgress } from './PullProgress.tsx'

export const ListsPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const lists = useEndpoint(listLists, {})
  const [chosen, setChosen] = useState<string | null>(null)
  const all = lists.data ?? []
  const shown = all.find(({ id }) => String(id) === chosen) ?? all[0]
  return (
    <Stack gap="md" maw={900}>
      <div>
        <Anchor component={Link} href="/commons" size="sm">
          <Trans>Commons</Trans>
        </Anchor>
        <Title order={1}>
          <Trans>Look around</Trans>
        </Title>
      </div>
      <AddList added={({ id }) => setChosen(String(id))} />
      {lists.error && <Alert color="red">{lists.error.message}</Alert>}
      {lists.data?.length === 0 && (
        <EmptyState icon={Compass} title={t`No list yet`}>
          <Trans>Add the address of a list of OKH manifests (list.json) or of a Manyfold server.</Trans>
        </EmptyState>
      )}
      {shown && (
        <Tabs value={String(shown.id)} onChange={setChosen}>
          <Tabs.List>
            {all.map(({ id, title }) => (
              <Tabs.Tab key={id} value={String(id)}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={String(shown.id)} pt="md">
            <Entries key={shown.id} list={shown} mayRemove={may(me, 'steward')} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  )
}

const AddList = ({ added }: { added(list: CommonsList): void }) => {
  const { t } = useLingui()
  const [address, setAddress] = useState('')
  const add = useAction(addList, {
    quiet: true,
    done: (list) => {
      setAddress('')
      void queries.invalidateQueries({ queryKey: [listLists.url] })
      added(list)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.mutate({ body: { address: address.trim() } })
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="sm">
        <TextInput
          className="grow"
          label={t`Address of a list`}
          placeholder="https://example.org/list.json"
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          error={add.error?.message}
          spellCheck={false}
        />
        <Button type="submit" variant="light" disabled={address.trim().length < 3} loading={add.isPending}>
          <Trans>Add</Trans>
        </Button>
      </Group>
    </form>
  )
}

/** Pages of a list, one after the other. */
const Entries = ({ list, mayRemove }: { list: CommonsList; mayRemove: boolean }) => {
  const { t } = useLingui()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 400)
  const [nexts, setNexts] = useState<readonly string[]>([])
  const [pull, setPull] = useState<Pull | null>(null)
  const next = nexts.at(-1)
  const query = { ...(search === '' ? {} : { search }), ...(next === undefined ? {} : { next }) }
  const page = useEndpoint(browseList, { params: { id: list.id }, query })
  const remove = useAction(removeList, { done: () => void queries.invalidateQueries({ queryKey: [listLists.url] }) })
  const begin = useAction(pullDesign, { done: setPull })
  return (
    <Stack gap="sm">
      <Group wrap="nowrap">
        <TextInput
          className="grow"
          type="search"
          leftSection={<Search size={16} aria-hidden />}
          placeholder={t`Search in ${list.title}`}
          aria-label={t`Search in ${list.title}`}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value)
            setNexts([])
          }}
        />
        {mayRemove && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<Trash2 size={15} aria-hidden />}
            onClick={() => remove.mutate({ params: { id: list.id } })}
          >
            <Trans>Remove the list</Trans>
          </Button>
        )}
      </Group>
      {page.isPending && <Loader />}
      {page.error && <Alert color="red">{page.error.message}</Alert>}
      {page.data?.entries.length === 0 && <EmptyState icon={Search} title={t`Nothing found there`} />}
      {page.data?.entries.map((entry) => (
        <EntryCard key={entry.address} entry={entry} pull={() => begin.mutate({ body: { address: entry.address } })} />
      ))}
      <Group justify="space-between">
        <Button variant="default" disabled={nexts.length === 0} onClick={() => setNexts(nexts.slice(0, -1))}>
          <Trans>Back</Trans>
        </Button>
        <Button
          variant="default"
          disabled={!page.data?.next}
          onClick={() => setNexts([...nexts, page.data?.next ?? ''])}
        >
          <Trans>Next</Trans>
        </Button>
      </Group>
      <Modal opened={pull !== null} onClose={() => setPull(null)} title={t`Pull a design`} size="lg">
        {pull && <PullProgress id={pull.id} again={() => setPull(null)} close={() => setPull(null)} />}
      </Modal>
    </Stack>
  )
}

const EntryCard = ({ entry, pull }: { entry: ListEntry; pull(): void }) => {
  const { t } = useLingui()
  return (
    <Card withBorder padding="sm" component="article" aria-label={entry.title}>
      <Group wrap="nowrap" align="flex-start" justify="space-between">
        <Stack gap={4} className="grow">
          <Text fw={600} className="break-anywhere">
            {entry.title}
          </Text>
          {entry.creators.length > 0 && (
            <Text size="sm" c="dimmed">
              {entry.creators.join(', ')}
            </Text>
          )}
          {entry.summary !== '' && (
            <Text size="sm" lineClamp={2} className="break-anywhere">
              {entry.summary}
            </Text>
          )}
          <Group gap="xs">
            <LicenceBadge licence={entry.licence} />
          </Group>
        </Stack>
        {entry.designId === null ? (
          <Button size="compact-md" variant="light" onClick={pull} aria-label={t`Pull ${entry.title}`}>
            <Trans>Pull</Trans>
          </Button>
        ) : (
          <Button size="compact-md" variant="default" component={Link} href={`/designs/${entry.designId}`}>
            <Trans>It is here</Trans>
          </Button>
        )}
      </Group>
    </Card>
  )
}
