// How it went when this design was made here, and a form to tell it.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Badge, Button, Card, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { Hammer, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { Design } from '../../../server/contract/commons.ts'
import { deleteMake, listMakes, type Make, makePhotoUrl } from '../../../server/contract/makes.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { formatInstant } from '../../format.ts'
import { queries, useAction, useEndpoint } from '../../state/use-endpoint.ts'
import { MakeForm } from './MakeForm.tsx'

export const rereadMakes = (): void => {
  void queries.invalidateQueries({ queryKey: ['/api/designs/:id/makes'] })
  void queries.invalidateQueries({ queryKey: ['/api/designs/:id'] })
}

export const DesignMakes = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  const [asked] = useSearchParams()
  const print = Number(asked.get('print'))
  const [telling, setTelling] = useState(print > 0)
  const makes = useEndpoint(listMakes, { params: { id: design.id } })
  return (
    <Stack gap="md" maw={860}>
      {may(me, 'queue') && (
        <Group>
          <Button leftSection={<Hammer size={16} aria-hidden />} onClick={() => setTelling(true)}>
            <Trans>Tell how it went</Trans>
          </Button>
        </Group>
      )}
      {makes.isPending && <Loader />}
      {makes.data?.length === 0 && (
        <EmptyState icon={Hammer} title={t`Nobody has told of a make yet`}>
          <Trans>Which settings worked, what to look out for: whoever makes it next will be glad of it.</Trans>
        </EmptyState>
      )}
      {makes.data?.map((make) => (
        <MakeCard key={make.id} make={make} mine={make.memberId === me.id || may(me, 'steward')} />
      ))}
      <Modal opened={telling} onClose={() => setTelling(false)} title={t`How did it go?`} size="lg">
        {telling && (
          <MakeForm
            design={design}
            printId={print > 0 ? print : null}
            done={() => {
              setTelling(false)
              rereadMakes()
            }}
          />
        )}
      </Modal>
    </Stack>
  )
}

const MakeCard = ({ make, mine }: { make: Make; mine: boolean }) => {
  const { t } = useLingui()
  const remove = useAction(deleteMake, { done: rereadMakes })
  const outcomes = { good: t`Went well`, usable: t`Usable`, failed: t`Failed` }
  const colours = { good: 'slate', usable: 'yellow', failed: 'red' }
  const who = make.memberName ?? t`Somebody`
  return (
    <Card withBorder padding="sm" component="article" aria-label={t`Make by ${who}`}>
      <div className="make">
        {make.hasPhoto && <img src={makePhotoUrl(make.id)} alt={t`What ${who} made`} loading="lazy" />}
        <Stack gap={6} className="grow">
          <Group justify="space-between" wrap="nowrap">
            <Group gap={8}>
              <Badge variant="light" color={colours[make.outcome]} className="state-badge">
                {outcomes[make.outcome]}
              </Badge>
              <Text size="sm" c="dimmed">
                {[who, formatInstant(make.createdAt), make.printerName, make.material].filter(Boolean).join(' · ')}
              </Text>
            </Group>
            {mine && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t`Take this make away`}
                loading={remove.isPending}
                onClick={() => remove.mutate({ params: { id: make.id } })}
              >
                <Trash2 size={16} />
              </ActionIcon>
            )}
          </Group>
          {Object.keys(make.settings).length > 0 && (
            <Text size="sm">
              {Object.entries(make.settings)
                .map(([name, value]) => `${name}: ${value}`)
                .join(' · ')}
            </Text>
          )}
          {make.remarks !== '' && <Text className="pre-line break-anywhere">{make.remarks}</Text>}
        </Stack>
      </div>
    </Card>
  )
}
