// A print was cut off: where it stood, what to look at, what would be sent, and going on with it or giving it up.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Card, Checkbox, Code, Group, List, NumberInput, Radio, Stack, Text, Title } from '@mantine/core'
import { LifeBuoy, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { decideJob } from '../../server/contract/jobs.ts'
import type { Me } from '../../server/contract/members.ts'
import { may } from '../../server/contract/permissions.ts'
import type { Printer } from '../../server/contract/printers.ts'
import {
  type Homing,
  previewResume,
  type Resumable,
  type ResumeChoices,
  type ResumePreview,
  resumePrint,
  showResumable,
} from '../../server/contract/resume.ts'
import { formatDuration, formatInstant, formatNumber, formatPercent } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

export const ResumeGuide = ({ printer, me }: { printer: Printer; me: Me }) => {
  const found = useEndpoint(showResumable, { params: { id: printer.id } }, { every: 10_000 })
  const resumable = found.data?.resumable
  if (!resumable || printer.print !== null || !may(me, 'mind-own-prints', printer)) return null
  return <CutOff key={resumable.print.id} resumable={resumable} printer={printer} />
}

const forget = (): void => {
  queries.invalidateQueries().catch(() => {})
}

const CutOff = ({ resumable, printer }: { resumable: Resumable; printer: Printer }) => {
  const { t } = useLingui()
  const { print, hindrance } = resumable
  const [open, setOpen] = useState(false)
  const [sure, setSure] = useState(false)
  const giveUp = useAction(decideJob, { done: forget })
  return (
    <Card withBorder component="section" aria-label={t`A print was cut off`}>
      <Group gap="xs" mb="xs" wrap="nowrap">
        <LifeBuoy size={20} aria-hidden />
        <Title order={2}>
          <Trans>A print was cut off</Trans>
        </Title>
      </Group>
      <Text size="sm" className="break-anywhere">
        <Trans>
          {print.fileName} stopped at {formatInstant(resumable.recordedAt)}. {print.reason}
        </Trans>
      </Text>
      {hindrance !== null && (
        <Text size="sm" mt="xs">
          {hindrance}
        </Text>
      )}
      {!open && !sure && (
        <Group mt="md">
          <Button disabled={hindrance !== null} onClick={() => setOpen(true)}>
            <Trans>Go on with it</Trans>
          </Button>
          <Button variant="default" leftSection={<Trash2 size={16} aria-hidden />} onClick={() => setSure(true)}>
            <Trans>Give it up</Trans>
          </Button>
        </Group>
      )}
      {sure && (
        <Alert color="red" mt="md" title={t`Give this print up?`}>
          <Text size="sm">
            <Trans>Take what is printed off the bed, then say that the bed is clear.</Trans>
          </Text>
          <Group mt="xs">
            <Button
              color="red"
              loading={giveUp.isPending}
              onClick={() => giveUp.mutate({ params: { id: print.jobId }, body: { decision: 'cancelled' } })}
            >
              <Trans>Yes, give it up</Trans>
            </Button>
            <Button variant="default" onClick={() => setSure(false)}>
              <Trans>Keep it</Trans>
            </Button>
          </Group>
        </Alert>
      )}
      {open && <Steps resumable={resumable} printer={printer} close={() => setOpen(false)} />}
    </Card>
  )
}

const Steps = ({ resumable, printer, close }: { resumable: Resumable; printer: Printer; close(): void }) => {
  const { t } = useLingui()
  const params = { id: resumable.print.id }
  const [choices, setChoices] = useState<ResumeChoices>({
    homing: resumable.homings[0] ?? 'keep',
    layers: 0,
    lines: 0,
    prime: 20,
    lift: 10,
  })
  const [looked, setLooked] = useState(false)
  const preview = useAction(previewResume, { quiet: true })
  const resume = useAction(resumePrint, { done: forget })
  const change = (changed: Partial<ResumeChoices>): void => {
    setChoices({ ...choices, ...changed })
    // What was shown no longer holds: it must be looked at again.
    preview.reset()
    setLooked(false)
  }
  const shown = preview.data
  return (
    <Stack gap="md" mt="md">
      <HomingChoice homings={resumable.homings} homing={choices.homing} choose={(homing) => change({ homing })} />
      <Group grow preventGrowOverflow={false}>
        <Amount
          label={t`Layers on or back`}
          value={choices.layers}
          least={-5}
          most={5}
          set={(layers) => change({ layers })}
        />
        <Amount
          label={t`Lines on or back`}
          value={choices.lines}
          least={-900}
          most={900}
          set={(lines) => change({ lines })}
        />
        <Amount
          label={t`Filament to feed first`}
          value={choices.prime}
          least={0}
          most={100}
          suffix=" mm"
          set={(prime) => change({ prime })}
        />
        <Amount
          label={t`Lift off the part`}
          value={choices.lift}
          least={2}
          most={50}
          suffix=" mm"
          set={(lift) => change({ lift })}
        />
      </Group>
      {preview.error && (
        <Alert color="red" role="alert">
          {preview.error.message}
        </Alert>
      )}
      {!shown && (
        <Group>
          <Button loading={preview.isPending} onClick={() => preview.mutate({ params, body: choices })}>
            <Trans>Show what will be done</Trans>
          </Button>
          <Button variant="default" onClick={close}>
            <Trans>Not now</Trans>
          </Button>
        </Group>
      )}
      {shown && (
        <>
          <Preview preview={shown} />
          <Checkbox
            checked={looked}
            onChange={({ currentTarget }) => setLooked(currentTarget.checked)}
            label={t`I stand at ${printer.name}. The part is whole and holds to the bed, nothing was moved by hand, nothing lies in the way, and filament is loaded.`}
          />
          <Group>
            <Button
              leftSection={<Play size={16} aria-hidden />}
              disabled={!looked}
              loading={resume.isPending}
              onClick={() => resume.mutate({ params, body: { choices, mark: shown.mark } })}
            >
              <Trans>Go on from here</Trans>
            </Button>
            <Button variant="default" onClick={close}>
              <Trans>Not now</Trans>
            </Button>
          </Group>
        </>
      )}
    </Stack>
  )
}

interface AmountProps {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly suffix?: string
  set(value: number): void
}

const Amount = ({ label, value, least, most, suffix = '', set }: AmountProps) => (
  <NumberInput
    label={label}
    value={value}
    min={least}
    max={most}
    suffix={suffix}
    allowDecimal={false}
    clampBehavior="strict"
    onChange={(next) => typeof next === 'number' && set(next)}
  />
)

const HomingChoice = ({
  homings,
  homing,
  choose,
}: {
  homings: readonly Homing[]
  homing: Homing
  choose(homing: Homing): void
}) => {
  const { t } = useLingui()
  const names: Record<Homing, string> = {
    keep: t`Keep the height: lift off the part, then home X and Y only`,
    edge: t`Home Z as well, beside the part, where the set-up says`,
    top: t`Home all axes at the top, as a delta does`,
  }
  return (
    <Radio.Group
      label={t`How it finds its place`}
      value={homing}
      onChange={(value) => {
        const chosen = homings.find((one) => one === value)
        if (chosen) choose(chosen)
      }}
    >
      <Stack gap={6} mt={6}>
        {homings.map((one) => (
          <Radio key={one} value={one} label={names[one]} />
        ))}
      </Stack>
    </Radio.Group>
  )
}

const Preview = ({ preview }: { preview: ResumePreview }) => {
  const { t } = useLingui()
  const { place, warnings, lines, after } = preview
  return (
    <Stack gap="xs">
      <List size="sm">
        {place.layer !== null && (
          <List.Item>
            <Trans>
              Layer {place.layer} of {place.layers ?? '?'}
            </Trans>
          </List.Item>
        )}
        <List.Item>
          <Trans>
            Height {formatNumber(place.z, 2)} mm, at X {formatNumber(place.x, 1)}, Y {formatNumber(place.y, 1)}
          </Trans>
        </List.Item>
        {place.object !== null && (
          <List.Item>
            <Trans>In the object {place.object}</Trans>
          </List.Item>
        )}
        <List.Item>
          {place.remainingSeconds === null ? (
            <Trans>{formatPercent(place.done)} done</Trans>
          ) : (
            <Trans>
              {formatPercent(place.done)} done, about {formatDuration(place.remainingSeconds)} left
            </Trans>
          )}
        </List.Item>
        <List.Item>
          <Trans>
            It heats the bed to {formatNumber(place.bed)} °C, then the nozzle to {formatNumber(place.nozzle)} °C, before
            anything moves
          </Trans>
        </List.Item>
        <List.Item>
          <Trans>Look: does the nozzle stand at this height, just over the last layer that is printed?</Trans>
        </List.Item>
      </List>
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow">
          {warning}
        </Alert>
      ))}
      <Text size="sm" fw={600}>
        <Trans>These lines are sent, then the file from line {formatNumber(place.line + 1)} on</Trans>
      </Text>
      <Code block mah={260} style={{ overflow: 'auto' }} tabIndex={0} aria-label={t`Lines that are sent`}>
        {[...lines, '; ...', ...after].join('\n')}
      </Code>
    </Stack>
  )
}
