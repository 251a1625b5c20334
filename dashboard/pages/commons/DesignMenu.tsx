// What can be done with a design as a whole: its label, our catalogue, an adaptation of it, its removal.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text } from '@mantine/core'
import { BookPlus, EllipsisVertical, GitFork, Tag, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { designLabelUrl } from '../../../server/contract/catalogue.ts'
import { type Design, deleteDesign, publishDesign } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { queries, useAction } from '../../state/use-endpoint.ts'
import { AdaptationForm } from './AdaptationForm.tsx'

export const DesignMenu = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  const [open, setOpen] = useState<'adaptation' | 'removal' | null>(null)
  const publish = useAction(publishDesign, {
    done: () => void queries.invalidateQueries({ queryKey: ['/api/designs/:id'] }),
  })
  const close = (): void => setOpen(null)
  const publication = { params: { id: design.id }, body: { isPublished: !design.isPublished } }
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t`What can be done with ${design.name}`}>
            <EllipsisVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Trans>Label with makers, licence and source</Trans>
          </Menu.Label>
          <Menu.Item
            component="a"
            href={designLabelUrl(design.id, 'a6')}
            target="_blank"
            leftSection={<Tag size={15} aria-hidden />}
          >
            <Trans>As a page (A6)</Trans>
          </Menu.Item>
          <Menu.Item
            component="a"
            href={designLabelUrl(design.id, 'roll')}
            target="_blank"
            leftSection={<Tag size={15} aria-hidden />}
          >
            <Trans>For a label printer (62 mm)</Trans>
          </Menu.Item>
          {may(me, 'queue') && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<GitFork size={15} aria-hidden />} onClick={() => setOpen('adaptation')}>
                <Trans>Publish what was adapted</Trans>
              </Menu.Item>
            </>
          )}
          {design.mayEdit && (
            <Menu.Item leftSection={<BookPlus size={15} aria-hidden />} onClick={() => publish.mutate(publication)}>
              {design.isPublished ? (
                <Trans>Take it out of our catalogue</Trans>
              ) : (
                <Trans>Put it into our catalogue</Trans>
              )}
            </Menu.Item>
          )}
          {may(me, 'steward') && (
            <Menu.Item color="red" leftSection={<Trash2 size={15} aria-hidden />} onClick={() => setOpen('removal')}>
              <Trans>Take the design away</Trans>
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={open === 'adaptation'} onClose={close} title={t`Publish what was adapted`} size="lg">
        {open === 'adaptation' && <AdaptationForm design={design} />}
      </Modal>
      <Modal opened={open === 'removal'} onClose={close} title={t`Take ${design.name} away?`}>
        <Removal id={design.id} close={close} />
      </Modal>
    </>
  )
}

const Removal = ({ id, close }: { id: number; close(): void }) => {
  const [, go] = useLocation()
  const remove = useAction(deleteDesign, {
    done: () => {
      close()
      go('/commons')
      void queries.invalidateQueries({ queryKey: ['/api/designs'] })
    },
  })
  return (
    <Stack gap="md">
      <Text>
        <Trans>All its versions go. What was sliced and printed of it still knows where it came from.</Trans>
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          <Trans>Keep it</Trans>
        </Button>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate({ params: { id } })}>
          <Trans>Take it away</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
