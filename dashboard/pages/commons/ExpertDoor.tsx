// All settings, for who knows them: found by words, added one by one, each with its limits.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Button,
  Collapse,
  Group,
  Loader,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { SlidersHorizontal, X } from 'lucide-react'
import {
  listSettings,
  type Setting,
  type Settings,
  type SettingValue,
  type SlicerEngine,
} from '../../../server/contract/slicing.ts'
import { useEndpoint } from '../../state/use-endpoint.ts'

export interface ExpertDoorProps {
  readonly engines: readonly SlicerEngine[]
  readonly engine: string
  readonly settings: Settings
  change(part: { engine?: string; settings?: Settings }): void
}

export const ExpertDoor = (props: ExpertDoorProps) => {
  const { t } = useLingui()
  const [isOpen, { toggle }] = useDisclosure(false)
  const count = Object.keys(props.settings).length
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        leftSection={<SlidersHorizontal size={15} aria-hidden />}
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {count > 0 ? t`All settings (${count} changed)` : t`All settings`}
      </Button>
      <Collapse expanded={isOpen}>
        {isOpen && (
          <Stack gap="md" pt="sm">
            {props.engines.length > 1 && (
              <Select
                label={t`Slicer`}
                value={props.engine}
                allowDeselect={false}
                onChange={(value) => props.change({ engine: value ?? props.engine })}
                data={props.engines.map(({ name, title, version }) => ({ value: name, label: `${title} ${version}` }))}
              />
            )}
            <SettingFields
              settings={props.settings}
              engine={props.engine}
              change={(settings) => props.change({ settings })}
            />
          </Stack>
        )}
      </Collapse>
    </div>
  )
}

interface SettingFieldsProps {
  readonly settings: Settings
  /** Only those that it knows are offered; left out: all. */
  readonly engine?: string
  change(settings: Settings): void
}

export const SettingFields = ({ settings, engine, change }: SettingFieldsProps) => {
  const { t } = useLingui()
  const all = useEndpoint(listSettings, {})
  if (all.error) return <Text size="sm">{all.error.message}</Text>
  if (!all.data) return <Loader size="sm" />
  const known = all.data.filter(({ engines }) => engine === undefined || engines.some((one) => one === engine))
  const byKey = new Map(all.data.map((setting) => [setting.key, setting]))
  const groups = [...new Set(known.map(({ group }) => group))]
  const start = (key: string | null): void => {
    const setting = key === null ? undefined : byKey.get(key)
    if (setting !== undefined) change({ ...settings, [setting.key]: firstValue(setting) })
  }
  return (
    <Stack gap="sm">
      <Select
        label={t`Add a setting`}
        placeholder={t`Layer height, wall, speed…`}
        searchable
        value={null}
        limit={60}
        onChange={start}
        nothingFoundMessage={t`There is no such setting`}
        data={groups.map((group) => ({
          group,
          items: known
            .filter((setting) => setting.group === group && !(setting.key in settings))
            .map(({ key, label }) => ({ value: key, label })),
        }))}
      />
      {Object.entries(settings).map(([key, value]) => {
        const setting = byKey.get(key)
        const label = setting?.label ?? key
        return (
          <Group key={key} wrap="nowrap" align="flex-end" gap={6}>
            <div className="grow">
              {setting === undefined ? (
                <TextInput label={key} value={String(value)} readOnly />
              ) : (
                <SettingField setting={setting} value={value} change={(next) => change({ ...settings, [key]: next })} />
              )}
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t`Leave ${label} as it is`}
              onClick={() => change(Object.fromEntries(Object.entries(settings).filter(([one]) => one !== key)))}
            >
              <X size={16} />
            </ActionIcon>
          </Group>
        )
      })}
      {Object.keys(settings).length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>Nothing is changed: material and quality say everything.</Trans>
        </Text>
      )}
    </Stack>
  )
}

const firstValue = ({ type, minimum, options }: Setting): SettingValue => {
  switch (type) {
    case 'boolean':
      return true
    case 'number':
    case 'integer':
      return Math.max(0, minimum ?? 0)
    case 'choice':
      return options[0]?.value ?? ''
    case 'text':
      return ''
  }
}

const SettingField = ({
  setting,
  value,
  change,
}: {
  setting: Setting
  value: SettingValue
  change(value: SettingValue): void
}) => {
  const { label, unit, description, minimum, maximum, type, options } = setting
  const named = unit === '' ? label : `${label} (${unit})`
  switch (type) {
    case 'boolean':
      return (
        <Switch
          label={label}
          description={description}
          checked={value === true}
          onChange={({ currentTarget }) => change(currentTarget.checked)}
        />
      )
    case 'choice':
      return (
        <Select
          label={label}
          description={description}
          allowDeselect={false}
          data={options}
          value={String(value)}
          onChange={(chosen) => change(chosen ?? '')}
        />
      )
    case 'text':
      return (
        <TextInput
          label={named}
          description={description}
          maxLength={200}
          value={String(value)}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
      )
    case 'number':
    case 'integer':
      return (
        <NumberInput
          label={named}
          description={description}
          {...(minimum === null ? {} : { min: minimum })}
          {...(maximum === null ? {} : { max: maximum })}
          allowDecimal={type === 'number'}
          step={type === 'integer' ? 1 : 0.1}
          value={Number(value)}
          onChange={(typed) => {
            if (typeof typed === 'number') change(typed)
          }}
        />
      )
  }
}
