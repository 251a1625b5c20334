// The files of a design: what can be printed with pictures, the rest as a list.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Button, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from 'wouter'
import { type Design, type DesignFile, designFileUrl, takeGcode } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { isScad, modelPictureUrl } from '../../../server/contract/models.ts'
import { may } from '../../../server/contract/permissions.ts'
import { LicenceBadge } from '../../components/LicenceWords.tsx'
import { ModelPicture } from '../../components/ModelPicture.tsx'
import { formatBytes, formatNumber } from '../../format.ts'
import { useModel } from '../../state/models.ts'
import { useAction } from '../../state/use-endpoint.ts'

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')

export const DesignFiles = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  const printable = design.files.filter(({ isPrintable }) => isPrintable)
  const others = design.files.filter(({ isPrintable }) => !isPrintable)
  return (
    <Stack gap="lg">
      {printable.length === 0 && (
        <Alert color="yellow">
          <Trans>None of its files can be printed here: there is no model among them.</Trans>
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="md">
        {printable.map((file) => (
          <PartTile key={file.id} design={design} file={file} me={me} />
        ))}
      </SimpleGrid>
      {others.length > 0 && (
        <section aria-label={t`Other files`}>
          <Title order={2} mb="xs">
            <Trans>Other files</Trans>
          </Title>
          <Card withBorder p={0}>
            <Table verticalSpacing={6} horizontalSpacing="md">
              <Table.Tbody>
                {others.map(({ id, path, sizeBytes }) => (
                  <Table.Tr key={id}>
                    <Table.Td>
                      <Anchor href={designFileUrl(id)} download={fileName(path)} size="sm" className="break-anywhere">
                        {path}
                      </Anchor>
                    </Table.Td>
                    <Table.Td ta="right" className="nowrap figures">
                      <Text size="sm" c="dimmed">
                        {formatBytes(sizeBytes)}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Card>
        </section>
      )}
    </Stack>
  )
}

const PartTile = ({ design, file, me }: { design: Design; file: DesignFile; me: Me }) => {
  const name = fileName(file.path)
  const script = isScad(name)
  const isGcode = file.kind === 'gcode'
  const brief = file.model
  const asked = useModel(isGcode || script || brief?.state === 'ready' ? null : file.hash, name, may(me, 'queue'))
  const hash = brief?.hash ?? asked.data?.hash ?? null
  const hasPicture = brief?.hasThumbnail || asked.data?.hasThumbnail || false
  const reason = brief?.reason ?? asked.data?.reason ?? null
  const watertight = brief?.watertight ?? asked.data?.facts?.watertight ?? null
  return (
    <Card withBorder padding="sm" component="article" aria-label={file.path} className="design-tile">
      <Card.Section>
        <ModelPicture src={hash !== null && hasPicture ? modelPictureUrl(hash, 512) : null} isScript={script} />
      </Card.Section>
      <Text fw={600} mt="sm" lineClamp={2} className="break-anywhere">
        {isGcode ? (
          name
        ) : (
          <Link href={`/designs/${design.id}/parts/${file.id}?version=${design.version.id}`} className="whole-tile">
            {name}
          </Link>
        )}
      </Text>
      <Text size="xs" c="dimmed" lineClamp={1}>
        {folderOf(file.path)}
      </Text>
      <Text size="sm" c="dimmed" className="figures">
        {file.size === null
          ? formatBytes(file.sizeBytes)
          : `${[file.size.x, file.size.y, file.size.z].map((length) => formatNumber(length, length < 10 ? 1 : 0)).join(' × ')} mm`}
      </Text>
      {script && (
        <Text size="sm">
          <Trans>Has parameters to set</Trans>
        </Text>
      )}
      {watertight === false && (
        <Text size="sm" c="yellow.8">
          <Trans>Its surface is not closed</Trans>
        </Text>
      )}
      {reason !== null && (
        <Text size="sm" c="red" lineClamp={3}>
          {reason}
        </Text>
      )}
      {file.licence && (
        <Group mt={4}>
          <LicenceBadge licence={file.licence} />
        </Group>
      )}
      <AlsoIn file={file} />
      {isGcode && may(me, 'queue') && <TakeGcode file={file} mayBePrinted={design.mayBePrinted} />}
    </Card>
  )
}

const AlsoIn = ({ file }: { file: DesignFile }) => {
  const [first] = file.alsoIn
  if (first === undefined) return null
  return (
    <Text size="xs" c="dimmed" mt={4} className="above-tile">
      <Trans>The same file is in</Trans>{' '}
      <Anchor component={Link} href={`/designs/${first.designId}`} inherit>
        {first.designName}
      </Anchor>
      {file.alsoIn.length > 1 && (
        <>
          {' '}
          <Plural value={file.alsoIn.length - 1} one="and # other design" other="and # other designs" />
        </>
      )}
    </Text>
  )
}

const TakeGcode = ({ file, mayBePrinted }: { file: DesignFile; mayBePrinted: boolean }) => {
  const { t } = useLingui()
  const take = useAction(takeGcode, {
    done: ({ name }) => notifications.show({ message: t`${name} is among the files now.`, withBorder: true }),
  })
  return (
    <Stack gap={4} mt="auto" pt="sm">
      <Text size="xs" c="dimmed">
        <Trans>G-code, made for somebody's printer: look at it before you print it.</Trans>
      </Text>
      <Button
        size="compact-sm"
        variant="light"
        disabled={!mayBePrinted}
        loading={take.isPending}
        onClick={() => take.mutate({ params: { id: file.id }, query: {} })}
      >
        <Trans>Put it among the files</Trans>
      </Button>
    </Stack>
  )
}
