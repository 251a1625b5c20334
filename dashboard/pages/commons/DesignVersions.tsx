// The versions of a design that are here, and what is new at its source.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Badge, Button, Card, Group, Modal, Stack, Text } from '@mantine/core'
import { RefreshCw, Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Design, UpstreamNews } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { checkUpdate, type Pull, pullUpdate } from '../../../server/contract/pulls.ts'
import { formatInstant } from '../../format.ts'
import { queries, useAction } from '../../state/use-endpoint.ts'
import { PullDialog } from './PullDialog.tsx'
import { isOpenPull, PullProgress, usePull } from './PullProgress.tsx'

export const DesignVersions = ({ design, me }: { design: Design; me: Me }) => {
  const { kind } = design.version.origin
  const hasSource = kind !== 'upload' && kind !== 'here'
  return (
    <Stack gap="md" maw={860}>
      {hasSource && <News design={design} mayPull={may(me, 'queue')} />}
      {!hasSource && design.mayEdit && <NewUpload design={design} />}
      <Card withBorder p={0}>
        <ul className="plain-list">
          {design.allVersions.map((version) => (
            <li key={version.id} className="version-row">
              <div className="grow">
                <Group gap="xs">
                  <Anchor
                    component={Link}
                    href={`/designs/${design.id}?version=${version.id}`}
                    fw={600}
                    aria-current={version.id === design.version.id ? 'true' : undefined}
                  >
                    <Trans>Version {version.number}</Trans>
                  </Anchor>
                  {version.label !== '' && <Text size="sm">{version.label}</Text>}
                  {version.id === design.version.id && (
                    <Badge variant="light" className="state-badge">
                      <Trans>shown</Trans>
                    </Badge>
                  )}
                </Group>
                <Text size="sm" c="dimmed" className="break-anywhere">
                  {[
                    formatInstant(version.pulledAt),
                    version.pulledBy,
                    version.origin.commit?.slice(0, 10),
                    version.origin.address,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              </div>
            </li>
          ))}
        </ul>
      </Card>
      <Changes design={design} />
    </Stack>
  )
}

const Changes = ({ design }: { design: Design }) =>
  design.changes.length > 0 && (
    <div>
      <Text fw={600}>
        <Trans>What was changed</Trans>
      </Text>
      {design.changes.map(({ date, by, note }) => (
        <Text key={`${date} ${by} ${note}`} size="sm" className="break-anywhere">
          {date} · {by}: {note}
        </Text>
      ))}
    </div>
  )

const News = ({ design, mayPull }: { design: Design; mayPull: boolean }) => {
  const { t } = useLingui()
  const [checkId, setCheckId] = useState<number | null>(null)
  const [updating, setUpdating] = useState<Pull | null>(null)
  const check = useAction(checkUpdate, { done: ({ id }) => setCheckId(id) })
  const update = useAction(pullUpdate, { done: setUpdating })
  const checked = usePull(checkId)
  const isChecking = check.isPending || (checked !== null && isOpenPull(checked))
  const ended = checked !== null && !isOpenPull(checked)
  useEffect(() => {
    if (ended) void queries.invalidateQueries({ queryKey: ['/api/designs/:id'] })
  }, [ended])
  const news = checked?.news ?? design.news
  const params = { id: design.id }
  return (
    <Card withBorder component="section" aria-label={t`At its source`}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Text>{newsTitle(news, t)}</Text>
          {mayPull && (
            <Group gap="xs">
              <Button
                variant="default"
                size="compact-md"
                leftSection={<RefreshCw size={15} aria-hidden />}
                loading={isChecking}
                onClick={() => check.mutate({ params })}
              >
                <Trans>Look for a newer version</Trans>
              </Button>
              {news?.isNewer && (
                <Button size="compact-md" loading={update.isPending} onClick={() => update.mutate({ params })}>
                  <Trans>Pull it</Trans>
                </Button>
              )}
            </Group>
          )}
        </Group>
        {checked?.state === 'failed' && <Alert color="red">{checked.reason}</Alert>}
        {news?.isNewer && <WhatChanged news={news} />}
      </Stack>
      <Modal opened={updating !== null} onClose={() => setUpdating(null)} title={t`Newer version`} size="lg">
        {updating && <PullProgress id={updating.id} again={() => setUpdating(null)} close={() => setUpdating(null)} />}
      </Modal>
    </Card>
  )
}

type Translate = ReturnType<typeof useLingui>['t']

const newsTitle = (news: UpstreamNews | null, t: Translate): string => {
  if (news === null) return t`Nobody has looked for a newer version yet.`
  const when = formatInstant(news.checkedAt)
  return news.isNewer ? t`There is something newer (looked at ${when}).` : t`This is the newest (looked at ${when}).`
}

const WhatChanged = ({ news }: { news: UpstreamNews }) => {
  const { t } = useLingui()
  const groups = [
    { key: 'changed', title: t`Changed`, paths: news.changed },
    { key: 'added', title: t`Added`, paths: news.added },
    { key: 'removed', title: t`Removed`, paths: news.removed },
  ]
  return groups.map(({ key, title, paths }) =>
    paths.length === 0 ? null : (
      <div key={key}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" className="break-anywhere">
          {paths.slice(0, 12).join(', ')}
          {paths.length > 12 && (
            <>
              {' '}
              <Plural value={paths.length - 12} one="and # more" other="and # more" />
            </>
          )}
        </Text>
      </div>
    ),
  )
}

const NewUpload = ({ design }: { design: Design }) => {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  return (
    <Group>
      <Button variant="default" leftSection={<Upload size={15} aria-hidden />} onClick={() => setOpen(true)}>
        <Trans>Bring a newer version</Trans>
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={t`Newer version`} size="lg">
        {open && <PullDialog designId={design.id} designName={design.name} close={() => setOpen(false)} />}
      </Modal>
    </Group>
  )
}
