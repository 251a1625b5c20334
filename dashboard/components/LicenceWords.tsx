// A licence in plain words: what it permits, and what it asks for in return.
import { useLingui } from '@lingui/react/macro'
import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { CircleCheck, CircleHelp, CircleX, Info } from 'lucide-react'
import type { Licence } from '../../server/contract/licences.ts'

const colourOf = (licence: Licence): string => {
  if (licence.asks !== null || licence.make === 'ask') return 'yellow'
  return licence.make === 'no' ? 'red' : 'slate'
}

/** Short, for a card. */
export const LicenceBadge = ({ licence }: { licence: Licence }) => {
  const { t } = useLingui()
  const name = licence.expression ?? (licence.state === 'none' ? t`No licence` : t`Licence unclear`)
  return (
    <Badge variant="light" color={colourOf(licence)} className="state-badge licence-badge" title={licence.title}>
      {name}
    </Badge>
  )
}

type Answer = Licence['make']

const icons = { yes: CircleCheck, no: CircleX, ask: CircleHelp } as const
const classes = { yes: 'good', no: 'bad', ask: 'doubt' } as const

const Permit = ({ answer, yes, no, ask }: { answer: Answer; yes: string; no: string; ask: string }) => {
  const Icon = icons[answer]
  return (
    <Group component="li" gap={8} wrap="nowrap" align="flex-start">
      <Icon size={17} aria-hidden className={`no-shrink ${classes[answer]}`} />
      <Text size="sm">{{ yes, no, ask }[answer]}</Text>
    </Group>
  )
}

const Duty = ({ children }: { children: string }) => (
  <Group component="li" gap={8} wrap="nowrap" align="flex-start">
    <Info size={17} aria-hidden className="no-shrink" />
    <Text size="sm">{children}</Text>
  </Group>
)

export const LicencePanel = ({ licence }: { licence: Licence }) => {
  const { t } = useLingui()
  return (
    <Stack gap={6}>
      <Text fw={600}>
        {licence.url === null ? (
          licence.title
        ) : (
          <Anchor href={licence.url} target="_blank" rel="noopener noreferrer" inherit>
            {licence.title}
          </Anchor>
        )}
      </Text>
      <HowSure licence={licence} />
      <Stack component="ul" gap={5} className="plain-list">
        <Permit
          answer={licence.make}
          yes={t`You may print it.`}
          no={t`It may not be printed.`}
          ask={t`Whether you may print it is not said: a steward decides.`}
        />
        <Permit
          answer={licence.sell}
          yes={t`Prints may be given to others for what they cost.`}
          no={t`Prints may not be given away for money, not even at cost.`}
          ask={t`Whether prints may cost something is not clear.`}
        />
        <Permit
          answer={licence.adapt}
          yes={t`You may change it and publish what came of it.`}
          no={t`What you change may not be published.`}
          ask={t`Whether changes may be published is not clear.`}
        />
        <Duties licence={licence} />
      </Stack>
    </Stack>
  )
}

const Duties = ({ licence }: { licence: Licence }) => {
  const { t } = useLingui()
  return (
    <>
      {licence.attribution && <Duty>{t`Its makers are named: the label says who.`}</Duty>}
      {licence.shareAlike && <Duty>{t`What comes of it is published under the same licence.`}</Duty>}
      {licence.sourceTravels && <Duty>{t`Whoever gets a print is told where its source is.`}</Duty>}
      {licence.tellsMakers && <Duty>{t`Its makers are told of changes.`}</Duty>}
    </>
  )
}

/** What strangers wrote goes in as plain text: in `Trans`, its angle brackets would be taken for elements. */
const HowSure = ({ licence }: { licence: Licence }) => {
  const { t } = useLingui()
  const { state, written } = licence
  if (state === 'stated') return null
  return (
    <Text size="sm" c="dimmed">
      {state === 'guessed' && t`It is written as “${written}”, and was understood so.`}
      {state === 'ambiguous' && t`“${written}” exists in several kinds. Which one is meant is not said.`}
      {state === 'unknown' && t`“${written}” is no licence that is known here.`}
      {state === 'none' && t`Nothing was said about a licence, so all rights are reserved.`}
    </Text>
  )
}
