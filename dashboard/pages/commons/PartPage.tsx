// One model of a design: looked at from all sides, set, placed, and printed.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Center, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { type Design, type DesignFile, showDesign } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { keepTree } from '../../../server/contract/model-work.ts'
import { isOpenedByScad, isScad } from '../../../server/contract/models.ts'
import { may } from '../../../server/contract/permissions.ts'
import { useModel } from '../../state/models.ts'
import { useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { fileName } from './DesignFiles.tsx'
import { ScadPanel } from './ScadPanel.tsx'
import { Workbench } from './Workbench.tsx'

export const PartPage = ({ designId, fileId, me }: { designId: number; fileId: number; me: Me }) => {
  const [asked] = useSearchParams()
  const version = Number(asked.get('version'))
  const design = useEndpoint(showDesign, { params: { id: designId }, query: version > 0 ? { version } : {} })
  if (design.error && !design.data) return <Alert color="red">{design.error.message}</Alert>
  if (!design.data) return <Waiting />
  const file = design.data.files.find(({ id }) => id === fileId)
  return (
    <Stack gap="sm">
      <div>
        <Group gap={6}>
          <Anchor component={Link} href="/commons" size="sm">
            <Trans>Commons</Trans>
          </Anchor>
          <Text size="sm" c="dimmed" aria-hidden>
            /
          </Text>
          <Anchor component={Link} href={`/designs/${designId}`} size="sm" className="break-anywhere">
            {design.data.name}
          </Anchor>
        </Group>
        <Title order={1} className="break-anywhere">
          {file === undefined ? <Trans>No such part</Trans> : fileName(file.path)}
        </Title>
      </div>
      {file === undefined ? (
        <Text>
          <Trans>It is not in this version of the design.</Trans>
        </Text>
      ) : isScad(file.path) ? (
        <Script design={design.data} file={file} me={me} />
      ) : (
        <Shape design={design.data} file={file} me={me} />
      )}
    </Stack>
  )
}

const Waiting = () => (
  <Center mih={300}>
    <Loader />
  </Center>
)

interface PartProps {
  readonly design: Design
  readonly file: DesignFile
  readonly me: Me
}

const Shape = ({ design, file, me }: PartProps) => {
  const { t } = useLingui()
  const model = useModel(file.hash, fileName(file.path), may(me, 'queue'))
  if (model.error) return <Alert color="red">{model.error.message}</Alert>
  if (!model.data) return <Waiting />
  const { state, reason, progress } = model.data
  if (state === 'failed') {
    return (
      <Alert color="red" title={t`This model cannot be used`}>
        {reason}
      </Alert>
    )
  }
  if (state !== 'ready') {
    return (
      <Center mih={300}>
        <Stack align="center" role="status">
          <Loader />
          <Text c="dimmed">
            <Trans>The model is being read: {Math.round(progress * 100)} %</Trans>
          </Text>
        </Stack>
      </Center>
    )
  }
  return <Workbench key={file.id} design={design} file={file} me={me} hash={file.hash} isFile />
}

/** The tree in which it finds what it includes: kept with the design, or made now. */
const useTree = (design: Design, file: DesignFile): { tree: string | null; reason: string | null } => {
  const [made, setMade] = useState<string | null>(null)
  const keep = useAction(keepTree, { quiet: true, done: ({ tree }) => setMade(tree) })
  const { mutate } = keep
  const isNeeded = file.tree === null
  useEffect(() => {
    if (!isNeeded) return
    const files = design.files.filter(({ path }) => isOpenedByScad(path) && !/[\\:\p{Cc}]/u.test(path))
    mutate({ body: { files: files.slice(0, 2000).map(({ path, hash }) => ({ path, hash })) } })
  }, [isNeeded, design, mutate])
  return { tree: file.tree ?? made, reason: keep.error?.message ?? null }
}

const Script = ({ design, file, me }: PartProps) => {
  const { tree, reason } = useTree(design, file)
  const [hash, setHash] = useState<string | null>(null)
  if (!may(me, 'queue')) {
    return (
      <Alert color="blue">
        <Trans>Members can set the parameters of this part.</Trans>
      </Alert>
    )
  }
  if (reason !== null) return <Alert color="red">{reason}</Alert>
  if (tree === null) return <Waiting />
  return (
    <Workbench
      key={file.id}
      design={design}
      file={file}
      me={me}
      hash={hash}
      isFile={false}
      panel={<ScadPanel tree={tree} entry={file.path} rendered={setHash} />}
    />
  )
}
