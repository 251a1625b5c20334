// What a mesh is like: whether it is whole, how large, how thin; and its repair.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Group, Loader, Stack, Table, Text } from '@mantine/core'
import { CircleCheck, Wrench } from 'lucide-react'
import { useState } from 'react'
import type { Me } from '../../../server/contract/members.ts'
import { askRepair, type Repair } from '../../../server/contract/model-work.ts'
import { type MeshFacts, stlUrl } from '../../../server/contract/models.ts'
import { may } from '../../../server/contract/permissions.ts'
import { call } from '../../api/call.ts'
import { formatNumber, formatPercent } from '../../format.ts'
import type { Vector } from '../../part/placing.ts'
import { useModel, useWork } from '../../state/models.ts'

export interface PartFactsPanelProps {
  readonly hash: string
  readonly name: string
  readonly me: Me
  /** As it lies on the plate. */
  readonly size: Vector | null
  repaired(hash: string): void
}

/** A nozzle of 0.4 mm lays no wall that is thinner. */
const THIN = 0.4

export const PartFactsPanel = ({ hash, name, me, size, repaired }: PartFactsPanelProps) => {
  const model = useModel(hash, name, may(me, 'queue'))
  const [repair, setRepair] = useState<Repair | null>(null)
  const work = useWork((result) => {
    if (result.repair === undefined) return
    setRepair(result.repair)
    repaired(result.repair.hash)
  })
  if (model.error) return <Text size="sm">{model.error.message}</Text>
  const facts = model.data?.facts ?? null
  if (facts === null) return <Loader size="sm" />
  const mayRepair = facts.repair === 'offered' && may(me, 'queue')
  return (
    <Stack gap="sm">
      <Wholeness facts={facts} repair={repair?.hash === hash ? repair : null} />
      {mayRepair && (
        <Group>
          <Button
            leftSection={<Wrench size={15} aria-hidden />}
            loading={work.isBusy}
            onClick={() => work.run(() => call(askRepair, { params: { hash } }))}
          >
            <Trans>Repair it</Trans>
          </Button>
        </Group>
      )}
      {work.reason !== null && <Alert color="red">{work.reason}</Alert>}
      <FactTable facts={facts} size={size} />
      <Thinness facts={facts} />
      {model.data?.notes.map(({ code, message }) => (
        <Text key={`${code} ${message}`} size="sm" c="dimmed" className="break-anywhere">
          {message}
        </Text>
      ))}
      <Anchor href={stlUrl(hash)} size="sm" download>
        <Trans>Download it as STL</Trans>
      </Anchor>
    </Stack>
  )
}

const Wholeness = ({ facts, repair }: { facts: MeshFacts; repair: Repair | null }) => {
  const { t } = useLingui()
  if (repair !== null) {
    const [before, after] = [repair.sizeBefore, repair.sizeAfter].map((one) =>
      one.map((length) => formatNumber(length, 2)).join(' × '),
    )
    return (
      <Alert color="slate" icon={<CircleCheck size={18} />} title={t`It was repaired, and is whole now`}>
        <Text size="sm">
          <Plural
            value={repair.closedHoles}
            _0="No hole was closed"
            one="# hole was closed"
            other="# holes were closed"
          />
          , <Plural value={repair.turnedTriangles} one="# triangle turned" other="# triangles turned" />,{' '}
          <Plural value={repair.removedTriangles} one="# taken away" other="# taken away" />.
        </Text>
        <Text size="sm">
          <Trans>
            Size before: {before} mm; after: {after} mm.
          </Trans>
        </Text>
      </Alert>
    )
  }
  if (facts.watertight) {
    return (
      <Group gap={8} wrap="nowrap">
        <CircleCheck size={18} aria-hidden className="good no-shrink" />
        <Text size="sm">
          <Trans>Its surface is closed: it can be printed as it is.</Trans>
        </Text>
      </Group>
    )
  }
  const { openEdges, crowdedEdges, flippedEdges } = facts
  return (
    <Alert color="yellow" title={t`Its surface is not closed`}>
      <Text size="sm">
        <Trans>A slicer might leave a piece of it out without a word.</Trans>{' '}
        {facts.repair === 'impossible' && (
          <Trans>It could not be repaired by itself: mend it where it was drawn.</Trans>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {[
          openEdges > 0 ? t`${formatNumber(openEdges)} edges around holes` : null,
          crowdedEdges > 0 ? t`${formatNumber(crowdedEdges)} edges of three faces or more` : null,
          flippedEdges > 0 ? t`${formatNumber(flippedEdges)} edges where the sides disagree` : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </Alert>
  )
}

const FactTable = ({ facts, size }: { facts: MeshFacts; size: Vector | null }) => {
  const { t } = useLingui()
  const lengths = size?.map((length) => formatNumber(length, 2)).join(' × ')
  const rows: [string, string | null][] = [
    [t`Size`, lengths === undefined ? null : `${lengths} mm`],
    [t`Volume as drawn`, facts.volume === null ? null : `${formatNumber(facts.volume / 1000, 2)} cm³`],
    [t`Triangles`, formatNumber(facts.triangles)],
    [t`Pieces`, formatNumber(facts.shells)],
    [t`Pieces reach into each other`, facts.overlapping ? t`yes` : null],
    [t`Drawn in`, facts.unit],
    [t`Thinnest wall`, facts.walls === null ? null : `${formatNumber(facts.walls.thinnest, 2)} mm`],
  ]
  return (
    <Table verticalSpacing={4} horizontalSpacing={0}>
      <Table.Tbody>
        {rows.map(
          ([name, value]) =>
            value !== null && (
              <Table.Tr key={name}>
                <Table.Th fw={400} scope="row">
                  <Text size="sm" c="dimmed">
                    {name}
                  </Text>
                </Table.Th>
                <Table.Td ta="right" className="figures">
                  {value}
                </Table.Td>
              </Table.Tr>
            ),
        )}
      </Table.Tbody>
    </Table>
  )
}

const Thinness = ({ facts }: { facts: MeshFacts }) => {
  const thin = facts.walls?.thin.find(({ below }) => below === THIN)
  if (thin === undefined || thin.share < 0.005) return null
  return (
    <Alert color="yellow">
      <Trans>
        {formatPercent(thin.share)} of its surface has walls thinner than {formatNumber(THIN, 1)} mm: a usual nozzle
        leaves them out.
      </Trans>
    </Alert>
  )
}
