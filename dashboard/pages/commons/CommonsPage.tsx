// Designs that were pulled or made here: find one, or bring one.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Center,
  Checkbox,
  Group,
  Loader,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Compass, Download, Layers, Library, Search } from 'lucide-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { type DesignQuery, searchDesigns } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { listPrinters } from '../../../server/contract/printers.ts'
import { DesignTile } from '../../components/DesignTile.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { useEndpoint } from '../../state/use-endpoint.ts'
import { OpenPulls } from './OpenPulls.tsx'
import { PullDialog } from './PullDialog.tsx'

const PAGE = 24

/** What is asked for stands in the address, so that going back finds it again. */
const queryOf = (asked: URLSearchParams, search: string): DesignQuery => {
  const allows = asked.get('allows')
  const sort = asked.get('sort')
  const printer = Number(asked.get('fits'))
  const [licence, material] = [asked.get('licence'), asked.get('material')]
  return {
    ...(search === '' ? {} : { search }),
    ...(licence ? { licence } : {}),
    ...(allows === 'make' || allows === 'sell' || allows === 'adapt' ? { allows } : {}),
    ...(material ? { material } : {}),
    ...(printer > 0 ? { fitsPrinter: printer } : {}),
    ...(asked.has('made') ? { madeHere: true } : {}),
    ...(sort === 'newest' || sort === 'made' || sort === 'name' ? { sort } : {}),
  }
}

export const CommonsPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const [asked, setAsked] = useSearchParams()
  const [pulling, setPulling] = useState(false)
  const [count, setCount] = useState(PAGE)
  const [typed, setTyped] = useState(asked.get('q') ?? '')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const found = useEndpoint(searchDesigns, { query: { ...queryOf(asked, search), limit: Math.min(count, 100) } })
  const change = (name: string, value: string | null): void => {
    setCount(PAGE)
    setAsked(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === null || value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  }
  const isFiltered = asked.size > 0 || search !== ''
  return (
    <Stack gap="md">
      <Head me={me} pull={() => setPulling(true)} />
      <TextInput
        type="search"
        size="md"
        leftSection={<Search size={18} aria-hidden />}
        placeholder={t`What do you need? A hinge, a hook, a handle…`}
        aria-label={t`Find a design`}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value)
          change('q', currentTarget.value.trim())
        }}
      />
      <Filters
        asked={asked}
        change={change}
        licences={found.data?.licences ?? []}
        materials={found.data?.materials ?? []}
      />
      {may(me, 'queue') && <OpenPulls />}
      {found.error && <Alert color="red">{found.error.message}</Alert>}
      {found.isPending && (
        <Center mih={200}>
          <Loader />
        </Center>
      )}
      {found.data?.total === 0 && (
        <Nothing isFiltered={isFiltered} mayPull={may(me, 'queue')} pull={() => setPulling(true)} />
      )}
      {found.data && found.data.total > 0 && (
        <Text size="sm" c="dimmed" role="status">
          <Plural value={found.data.total} one="# design" other="# designs" />
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="md">
        {found.data?.designs.map((design) => (
          <DesignTile key={design.id} design={design} />
        ))}
      </SimpleGrid>
      {found.data && found.data.total > found.data.designs.length && count < 100 && (
        <Center>
          <Button variant="default" onClick={() => setCount(count + PAGE)} loading={found.isFetching}>
            <Trans>Show more</Trans>
          </Button>
        </Center>
      )}
      <Modal opened={pulling} onClose={() => setPulling(false)} title={t`Pull a design`} size="lg">
        {pulling && <PullDialog close={() => setPulling(false)} />}
      </Modal>
    </Stack>
  )
}

const Head = ({ me, pull }: { me: Me; pull(): void }) => (
  <Group justify="space-between" gap="sm">
    <Title order={1}>
      <Trans>Commons</Trans>
    </Title>
    <Group gap="xs">
      {may(me, 'run-printers') && (
        <Button component={Link} href="/slicing" variant="default" leftSection={<Layers size={16} aria-hidden />}>
          <Trans>Slicing</Trans>
        </Button>
      )}
      {may(me, 'queue') && (
        <>
          <Button component={Link} href="/lists" variant="default" leftSection={<Compass size={16} aria-hidden />}>
            <Trans>Look around</Trans>
          </Button>
          <Button onClick={pull} leftSection={<Download size={16} aria-hidden />}>
            <Trans>Pull a design</Trans>
          </Button>
        </>
      )}
    </Group>
  </Group>
)

interface FilterProps {
  readonly asked: URLSearchParams
  readonly licences: readonly { value: string; count: number }[]
  readonly materials: readonly { value: string; count: number }[]
  change(name: string, value: string | null): void
}

const counted = (all: FilterProps['licences'], chosen: string | null): { value: string; label: string }[] => {
  const listed = all.map(({ value, count }) => ({ value, label: `${value} (${count})` }))
  return chosen === null || all.some(({ value }) => value === chosen)
    ? listed
    : [...listed, { value: chosen, label: chosen }]
}

const Filters = ({ asked, licences, materials, change }: FilterProps) => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {})
  const select = (name: string, label: string, data: { value: string; label: string }[]) => (
    <Select
      aria-label={label}
      placeholder={label}
      data={data}
      value={asked.get(name)}
      onChange={(value) => change(name, value)}
      clearable
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      className="filter"
    />
  )
  return (
    <Group gap="sm" className="filters">
      {select('allows', t`Licence allows`, [
        { value: 'make', label: t`to print it` },
        { value: 'sell', label: t`to pass prints on for their cost` },
        { value: 'adapt', label: t`to adapt and publish` },
      ])}
      {select('licence', t`Licence`, counted(licences, asked.get('licence')))}
      {select('material', t`Material`, counted(materials, asked.get('material')))}
      {select(
        'fits',
        t`Fits on`,
        (printers.data ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
      )}
      {select('sort', t`Best first`, [
        { value: 'newest', label: t`Newest first` },
        { value: 'made', label: t`Most made first` },
        { value: 'name', label: t`By name` },
      ])}
      <Checkbox
        label={t`Made here before`}
        checked={asked.has('made')}
        onChange={({ currentTarget }) => change('made', currentTarget.checked ? 'yes' : null)}
      />
    </Group>
  )
}

const Nothing = (props: { isFiltered: boolean; mayPull: boolean; pull(): void }) => {
  const { t } = useLingui()
  if (props.isFiltered) {
    return (
      <EmptyState icon={Search} title={t`No design fits`}>
        <Trans>Try fewer words or fewer filters, or look around elsewhere and pull one.</Trans>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={Library}
      title={t`No design yet`}
      action={
        props.mayPull && (
          <Button mt="md" onClick={props.pull}>
            <Trans>Pull the first one</Trans>
          </Button>
        )
      }
    >
      <Trans>Free designs, made by anyone: pull one from where it is published, or bring your own.</Trans>
    </EmptyState>
  )
}
