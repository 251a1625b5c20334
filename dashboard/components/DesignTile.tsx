// A design in a list: its picture, name, makers, and what its licence is.
import { Plural, Trans } from '@lingui/react/macro'
import { Badge, Card, Group, Text } from '@mantine/core'
import { CircleCheck, RefreshCw } from 'lucide-react'
import { Link } from 'wouter'
import { type DesignCard, designFileUrl } from '../../server/contract/commons.ts'
import { modelPictureUrl } from '../../server/contract/models.ts'
import { LicenceBadge } from './LicenceWords.tsx'
import { ModelPicture } from './ModelPicture.tsx'

export const pictureOf = (design: Pick<DesignCard, 'pictureFileId' | 'thumbnailHash'>): string | null => {
  if (design.pictureFileId !== null) return designFileUrl(design.pictureFileId)
  return design.thumbnailHash === null ? null : modelPictureUrl(design.thumbnailHash, 512)
}

export const DesignTile = ({ design }: { design: DesignCard }) => (
  <Card withBorder padding="sm" component="article" aria-label={design.name} className="design-tile">
    <Card.Section>
      <ModelPicture src={pictureOf(design)} />
    </Card.Section>
    <Text fw={600} lineClamp={2} mt="sm" className="break-anywhere">
      <Link href={`/designs/${design.id}`} className="whole-tile">
        {design.name}
      </Link>
    </Text>
    {design.creators.length > 0 && (
      <Text size="sm" c="dimmed" lineClamp={1}>
        {design.creators.join(', ')}
      </Text>
    )}
    {design.summary !== '' && (
      <Text size="sm" lineClamp={2} mt={4} className="break-anywhere">
        {design.summary}
      </Text>
    )}
    <Group gap={6} mt="auto" pt="sm">
      <LicenceBadge licence={design.licence} />
      {design.goodMakes > 0 && (
        <Badge variant="light" color="slate" className="state-badge" leftSection={<CircleCheck size={12} />}>
          <Plural value={design.goodMakes} one="made here" other="made here # times" />
        </Badge>
      )}
      {design.hasNews && (
        <Badge variant="light" color="blue" className="state-badge" leftSection={<RefreshCw size={12} />}>
          <Trans>newer version</Trans>
        </Badge>
      )}
      {design.isAdaptation && (
        <Badge variant="light" color="tile" className="state-badge">
          <Trans>adapted here</Trans>
        </Badge>
      )}
    </Group>
  </Card>
)
