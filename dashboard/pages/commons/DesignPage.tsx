// One design: what it is, what it is made of, who may do what with it, and what became of it here.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Anchor, Badge, Button, Center, Group, Loader, Stack, Tabs, Text, Title } from '@mantine/core'
import { ShieldAlert } from 'lucide-react'
import { Link, useSearchParams } from 'wouter'
import { type Design, designExportUrl, showDesign } from '../../../server/contract/commons.ts'
import type { Me } from '../../../server/contract/members.ts'
import { may } from '../../../server/contract/permissions.ts'
import { pictureOf } from '../../components/DesignTile.tsx'
import { LicenceBadge, LicencePanel } from '../../components/LicenceWords.tsx'
import { ModelPicture } from '../../components/ModelPicture.tsx'
import { ReadmeText } from '../../components/ReadmeText.tsx'
import { Section } from '../../components/Section.tsx'
import { useEndpoint } from '../../state/use-endpoint.ts'
import { DesignFiles } from './DesignFiles.tsx'
import { DesignLineage } from './DesignLineage.tsx'
import { DesignMakes } from './DesignMakes.tsx'
import { DesignMenu } from './DesignMenu.tsx'
import { DesignVersions } from './DesignVersions.tsx'
import { DesignWarnings } from './DesignWarnings.tsx'
import { LicenceDecision } from './LicenceDecision.tsx'

export const DesignPage = ({ id, me }: { id: number; me: Me }) => {
  const [asked, setAsked] = useSearchParams()
  const version = Number(asked.get('version'))
  const design = useEndpoint(showDesign, { params: { id }, query: version > 0 ? { version } : {} })
  if (design.error && !design.data) return <Alert color="red">{design.error.message}</Alert>
  if (!design.data) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  const tab = asked.get('tab') ?? 'parts'
  return (
    <Stack gap="md">
      <DesignHead design={design.data} me={me} />
      <Notes design={design.data} me={me} />
      <Tabs
        value={tab}
        onChange={(value) =>
          setAsked(
            (before) => {
              const next = new URLSearchParams(before)
              if (value === null || value === 'parts') next.delete('tab')
              else next.set('tab', value)
              return next
            },
            { replace: true },
          )
        }
        keepMounted={false}
      >
        <DesignTabs design={design.data} me={me} />
      </Tabs>
    </Stack>
  )
}

const DesignHead = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  const { name, creators, licence, summary, version, keywords } = design
  const label = version.label
  return (
    <>
      <Anchor component={Link} href="/commons" size="sm">
        <Trans>Commons</Trans>
      </Anchor>
      <div className="design-head">
        <ModelPicture src={pictureOf(design)} />
        <Stack gap={6} className="grow">
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <Title order={1} className="break-anywhere">
              {name}
            </Title>
            <DesignMenu design={design} me={me} />
          </Group>
          {creators.length > 0 && <Text c="dimmed">{t`by ${creators.join(', ')}`}</Text>}
          {summary !== '' && <Text className="break-anywhere">{summary}</Text>}
          <Group gap={6}>
            <LicenceBadge licence={licence} />
            {label !== '' && (
              <Badge variant="default" className="state-badge">
                {label}
              </Badge>
            )}
            {design.isPublished && (
              <Badge variant="light" className="state-badge">
                <Trans>in our catalogue</Trans>
              </Badge>
            )}
            {keywords.slice(0, 8).map((word) => (
              <Badge key={word} variant="default" className="state-badge">
                {word}
              </Badge>
            ))}
          </Group>
          <Source design={design} />
          {may(me, 'look') && (
            <Group gap="sm" mt={4}>
              <Button component="a" href={designExportUrl(design.id, version.id)} variant="default" size="xs" download>
                <Trans>Download all with attribution</Trans>
              </Button>
            </Group>
          )}
        </Stack>
      </div>
    </>
  )
}

/** Where it came from, pinned. Only what is a web address becomes a link. */
const Source = ({ design }: { design: Design }) => {
  const { t } = useLingui()
  const { address, commit, claimed } = design.version.origin
  if (address === '') return null
  const isWeb = /^https?:\/\//.test(address)
  return (
    <Text size="sm" c="dimmed" className="break-anywhere">
      {isWeb ? (
        <Anchor href={address} target="_blank" rel="noopener noreferrer" inherit>
          {address}
        </Anchor>
      ) : (
        address
      )}
      {commit !== null && ` @ ${commit.slice(0, 10)}`}
      {claimed !== null && ` · ${t`its manifest names ${claimed}`}`}
    </Text>
  )
}

const Notes = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  return (
    <>
      {design.safety !== '' && (
        <Alert color="yellow" icon={<ShieldAlert size={18} />} title={t`What to beware of`}>
          <Text size="sm" className="pre-line">
            {design.safety}
          </Text>
        </Alert>
      )}
      <LicenceDecision design={design} me={me} />
    </>
  )
}

const DesignTabs = ({ design, me }: { design: Design; me: Me }) => {
  const { t } = useLingui()
  return (
    <>
      <Tabs.List className="scrolling-tabs">
        <Tabs.Tab value="parts">{t`Parts`}</Tabs.Tab>
        <Tabs.Tab value="about">{t`About`}</Tabs.Tab>
        <Tabs.Tab value="makes">{design.makes > 0 ? t`Makes (${design.makes})` : t`Makes`}</Tabs.Tab>
        <Tabs.Tab value="versions">{design.hasNews ? t`Versions: something new` : t`Versions`}</Tabs.Tab>
        <Tabs.Tab value="lineage">{t`Lineage`}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="parts" pt="md">
        <DesignFiles design={design} me={me} />
      </Tabs.Panel>
      <Tabs.Panel value="about" pt="md">
        <About design={design} />
      </Tabs.Panel>
      <Tabs.Panel value="makes" pt="md">
        <DesignMakes design={design} me={me} />
      </Tabs.Panel>
      <Tabs.Panel value="versions" pt="md">
        <DesignVersions design={design} me={me} />
      </Tabs.Panel>
      <Tabs.Panel value="lineage" pt="md">
        <DesignLineage design={design} />
      </Tabs.Panel>
    </>
  )
}

const About = ({ design }: { design: Design }) => {
  const { t } = useLingui()
  const { description, licence, documentationLicence, softwareLicence, readme, warnings, manifest, materials } = design
  return (
    <Stack gap="lg" maw={860}>
      {description !== '' && description !== design.summary && (
        <Text className="pre-line break-anywhere">{description}</Text>
      )}
      {materials.length > 0 && <Text>{t`Material: ${materials.join(', ')}`}</Text>}
      <Section title={t`Licence`}>
        <Stack gap="md">
          <LicencePanel licence={licence} />
          {documentationLicence && (
            <div>
              <Text size="sm" c="dimmed">
                <Trans>Its manuals:</Trans>
              </Text>
              <LicencePanel licence={documentationLicence} />
            </div>
          )}
          {softwareLicence && (
            <div>
              <Text size="sm" c="dimmed">
                <Trans>Its programs:</Trans>
              </Text>
              <LicencePanel licence={softwareLicence} />
            </div>
          )}
        </Stack>
      </Section>
      {readme.length > 0 && (
        <Section title={t`README`}>
          <ReadmeText blocks={readme} />
        </Section>
      )}
      {warnings.length > 0 && (
        <Section title={t`What was noticed`} lead={manifest === null ? null : `${manifest.path} · ${manifest.dialect}`}>
          <DesignWarnings warnings={warnings} />
        </Section>
      )}
    </Stack>
  )
}
