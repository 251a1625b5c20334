// Keeps what was made of a part here, with all that it came from: to be published, or taken along.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { Save } from 'lucide-react'
import { useState } from 'react'
import type { Design } from '../../../server/contract/commons.ts'
import { type DerivedFile, keepDerived } from '../../../server/contract/lineage.ts'
import { askPlate } from '../../../server/contract/model-work.ts'
import { stlUrl } from '../../../server/contract/models.ts'
import { call } from '../../api/call.ts'
import type { SceneBed } from '../../part/bed-lines.ts'
import { useWork } from '../../state/models.ts'
import { useAction } from '../../state/use-endpoint.ts'
import { type PlateItem, plateObject } from './plate-items.ts'

const isUntouched = ({ placing: { scale, rotation } }: PlateItem): boolean =>
  scale.every((one) => one === 1) && rotation[3] === 1

export interface KeepShapeProps {
  readonly design: Design
  readonly items: readonly PlateItem[]
  readonly bed: SceneBed
}

export const KeepShape = ({ design, items, bed }: KeepShapeProps) => {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [kept, setKept] = useState<DerivedFile | null>(null)
  const keep = useAction(keepDerived, { quiet: true, done: setKept })
  const [first] = items
  const plain = name.trim() || t`${first?.name.replace(/\.[a-z0-9]{1,5}$/i, '') ?? ''} adapted`.slice(0, 80).trim()
  const save = (hash: string): void => {
    const designFileIds = [...new Set(items.map(({ designFileId }) => designFileId))]
    keep.mutate({ body: { hash, name: plain, designFileIds } })
  }
  const work = useWork(({ plate }) => {
    if (plate !== undefined) save(plate.hash)
  })
  const begin = (): void => {
    setKept(null)
    if (first !== undefined && items.length === 1 && !first.isFile && isUntouched(first)) return save(first.hash)
    work.run(() =>
      call(askPlate, {
        body: {
          objects: items.map((item) => plateObject(item, bed, false)),
          bed: { width: bed.width, depth: bed.depth, height: bed.height, round: bed.round },
          clearance: 0,
          mayTurn: false,
        },
      }),
    )
  }
  const reason = work.reason ?? keep.error?.message ?? null
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        <Trans>Keep it as it is now</Trans>
      </Text>
      <Group gap={6} wrap="nowrap">
        <TextInput
          className="grow"
          aria-label={t`Name of what is kept`}
          placeholder={plain}
          maxLength={80}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<Save size={15} aria-hidden />}
          loading={work.isBusy || keep.isPending}
          onClick={begin}
        >
          <Trans>Keep</Trans>
        </Button>
      </Group>
      {reason !== null && <Alert color="red">{reason}</Alert>}
      {kept !== null && (
        <Text size="sm" role="status">
          {t`${kept.name} is kept. It can be published from the menu of ${design.name}.`}{' '}
          {kept.hash !== null && (
            <Anchor href={stlUrl(kept.hash)} download inherit>
              <Trans>Download it as STL</Trans>
            </Anchor>
          )}
        </Text>
      )}
    </Stack>
  )
}
