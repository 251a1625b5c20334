// The designs of which a job was made: where one tells how it went, and the label that goes with the print.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group } from '@mantine/core'
import { Hammer, Tag } from 'lucide-react'
import { Link } from 'wouter'
import { jobLabelUrl } from '../../../server/contract/catalogue.ts'
import { designsOfPrint } from '../../../server/contract/makes.ts'
import { useEndpoint } from '../../state/use-endpoint.ts'

export interface JobDesignsProps {
  readonly jobId: number
  readonly printId: number
  /** It has ended: there is something to tell. */
  readonly hasEnded: boolean
}

export const JobDesigns = ({ jobId, printId, hasEnded }: JobDesignsProps) => {
  const { t } = useLingui()
  const designs = useEndpoint(designsOfPrint, { params: { id: printId } })
  if (!designs.data || designs.data.length === 0) return null
  return (
    <Group gap="xs">
      {hasEnded &&
        designs.data.map(({ id, name }) => (
          <Button
            key={id}
            component={Link}
            href={`/designs/${id}?tab=makes&print=${printId}`}
            size="compact-md"
            variant="light"
            leftSection={<Hammer size={15} aria-hidden />}
          >
            {t`Tell how ${name} went`}
          </Button>
        ))}
      <Button
        component="a"
        href={jobLabelUrl(jobId, 'a6')}
        target="_blank"
        size="compact-md"
        variant="default"
        leftSection={<Tag size={15} aria-hidden />}
      >
        <Trans>Label</Trans>
      </Button>
    </Group>
  )
}
