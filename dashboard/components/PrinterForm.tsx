// How a printer is set up: its name, its port, what it is.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Group,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import { Cable, Network } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Bridge, FoundPort, PrinterProfile } from '../../server/contract/printers.ts'
import { FirmwareFields, HomeZField } from './ProfileExtras.tsx'
import { profilePresets } from './profile-presets.ts'
import { ZonesField } from './ZonesField.tsx'

export interface PrinterSettings {
  readonly name: string
  readonly bridge: string
  readonly address: string
  readonly baudRate: number
  readonly profile: PrinterProfile
  readonly tags?: string[]
}

export interface PrinterFormProps {
  readonly bridges: readonly Bridge[]
  readonly start: PrinterSettings | null
  readonly busy: boolean
  /** What the server refused, or null. */
  readonly refusal: string | null
  save(settings: PrinterSettings): void
}

const baudRates = [0, 115200, 250000, 230400, 57600, 38400, 19200, 9600, 500000, 1000000]
const BY_HAND = ''

export const PrinterForm = ({ bridges, start, busy, refusal, save }: PrinterFormProps) => {
  const { t } = useLingui()
  const [name, setName] = useState(start?.name ?? '')
  const [bridge, setBridge] = useState(start?.bridge ?? bridges[0]?.name ?? '')
  const [address, setAddress] = useState(start?.address ?? '')
  const [baudRate, setBaudRate] = useState(start?.baudRate ?? 0)
  const [profile, setProfile] = useState<PrinterProfile>(
    start?.profile ?? (profilePresets[0]?.profile as PrinterProfile),
  )
  const [tags, setTags] = useState<string[]>([...(start?.tags ?? [])])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // Who is held to some printers changes no tags: what is as it was is not sent.
    const changed = tags.join() !== (start?.tags ?? []).join()
    save({ name: name.trim(), bridge, address: address.trim(), baudRate, profile, ...(changed ? { tags } : {}) })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t`Name`}
          description={t`What people call it`}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          required
          maxLength={80}
          data-autofocus
        />
        {bridges.length > 1 && (
          <Select
            label={t`Bridge`}
            description={t`The computer that it is plugged into`}
            data={bridges.map((one) => ({
              value: one.name,
              label: one.alive ? one.name : t`${one.name} (not running)`,
            }))}
            value={bridge}
            onChange={(value) => setBridge(value ?? '')}
            allowDeselect={false}
          />
        )}
        <PortChoice
          ports={bridges.find((one) => one.name === bridge)?.ports ?? []}
          own={start?.name ?? null}
          address={address}
          choose={setAddress}
        />
        {!address.startsWith('tcp://') && (
          <Select
            label={t`Baud rate`}
            data={baudRates.map((rate) => ({ value: String(rate), label: rate === 0 ? t`Find it out` : String(rate) }))}
            value={String(baudRate)}
            onChange={(value) => setBaudRate(Number(value))}
            allowDeselect={false}
          />
        )}
        <TagsInput
          label={t`Tags`}
          description={t`Words by which members are given some printers and not others: resin, beginners`}
          value={tags}
          onChange={setTags}
          maxTags={20}
          splitChars={[',']}
          acceptValueOnBlur
        />
        <ProfileFields profile={profile} change={setProfile} />
        {refusal !== null && (
          <Alert color="red" role="alert">
            {refusal}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={name.trim() === '' || address.trim() === ''}>
            {start === null ? <Trans>Add the printer</Trans> : <Trans>Save</Trans>}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface PortChoiceProps {
  readonly ports: readonly FoundPort[]
  /** The printer that is being changed: its own port is free for it. */
  readonly own: string | null
  readonly address: string
  choose(address: string): void
}

const PortChoice = ({ ports, own, address, choose }: PortChoiceProps) => {
  const { t } = useLingui()
  const listed = ports.some(({ identity }) => identity === address)
  const [byHand, setByHand] = useState(address !== '' && !listed)
  const chosen = byHand ? BY_HAND : address
  return (
    <Stack gap="xs">
      <Radio.Group
        label={t`Port`}
        value={chosen}
        onChange={(value) => {
          setByHand(value === BY_HAND)
          choose(value)
        }}
      >
        <Stack gap={6} mt={6}>
          {ports.length === 0 && (
            <Text size="sm" c="dimmed">
              <Trans>No port found. Is the printer switched on, and its USB cable plugged in?</Trans>
            </Text>
          )}
          {ports.map((port) => {
            const taken = port.printerName !== null && port.printerName !== own
            return (
              <Radio.Card key={port.identity} value={port.identity} disabled={taken} className="port-card" p="sm">
                <Group wrap="nowrap" gap="sm">
                  <Radio.Indicator disabled={taken} />
                  <Cable size={18} aria-hidden />
                  <div className="grow">
                    <Text size="sm" fw={550} className="break-anywhere">
                      {port.label}
                    </Text>
                    <Text size="xs" c="dimmed" className="break-anywhere">
                      {taken
                        ? t`Used by ${port.printerName ?? ''}`
                        : [port.path, port.serialNumber].filter(Boolean).join(' · ')}
                    </Text>
                  </div>
                </Group>
              </Radio.Card>
            )
          })}
          <Radio.Card value={BY_HAND} className="port-card" p="sm">
            <Group wrap="nowrap" gap="sm">
              <Radio.Indicator />
              <Network size={18} aria-hidden />
              <Text size="sm">
                <Trans>Another port, or a network address</Trans>
              </Text>
            </Group>
          </Radio.Card>
        </Stack>
      </Radio.Group>
      {byHand && (
        <TextInput
          label={t`Address`}
          placeholder="tcp://192.168.1.40:23"
          description={t`/dev/ttyUSB0, or tcp://host:port`}
          value={address}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
        />
      )}
    </Stack>
  )
}

const ProfileFields = ({ profile, change }: { profile: PrinterProfile; change(profile: PrinterProfile): void }) => {
  const { t } = useLingui()
  const preset = profilePresets.find((one) => JSON.stringify(one.profile) === JSON.stringify(profile))
  const number = (
    key: Exclude<keyof PrinterProfile, 'shape' | 'homeZAt' | 'zones' | 'dialect' | 'mostInFlight'>,
    label: string,
    suffix: string,
    step = 1,
  ) => (
    <NumberInput
      label={label}
      value={profile[key]}
      onChange={(value) => typeof value === 'number' && change({ ...profile, [key]: value })}
      suffix={suffix}
      step={step}
      decimalScale={2}
    />
  )
  return (
    <Stack gap="sm">
      <Select
        label={t`Kind of printer`}
        data={[
          ...profilePresets.map(({ name }) => ({ value: name, label: name })),
          ...(preset ? [] : [{ value: '', label: t`As set below` }]),
        ]}
        value={preset?.name ?? ''}
        onChange={(value) => {
          const chosen = profilePresets.find(({ name }) => name === value)
          if (chosen) change(chosen.profile)
        }}
        allowDeselect={false}
        searchable
      />
      <SegmentedControl
        aria-label={t`Shape of the bed`}
        data={[
          { value: 'rectangular', label: t`Rectangular bed` },
          { value: 'round', label: t`Round bed` },
        ]}
        value={profile.shape}
        onChange={(shape) => change({ ...profile, shape: shape === 'round' ? 'round' : 'rectangular' })}
      />
      <div className="field-grid">
        {number('width', profile.shape === 'round' ? t`Diameter` : t`Width (X)`, ' mm')}
        {profile.shape === 'rectangular' && number('depth', t`Depth (Y)`, ' mm')}
        {number('height', t`Height (Z)`, ' mm')}
        {number('nozzleDiameter', t`Nozzle`, ' mm', 0.1)}
        {number('maxNozzleTemperature', t`Hottest nozzle`, ' °C', 5)}
        {number('maxBedTemperature', t`Hottest bed`, ' °C', 5)}
      </div>
      {profile.shape === 'rectangular' && <HomeZField profile={profile} change={change} />}
      <ZonesField profile={profile} change={change} />
      <FirmwareFields profile={profile} change={change} />
    </Stack>
  )
}
