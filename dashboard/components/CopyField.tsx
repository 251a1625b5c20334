// Something to hand over: shown whole, copied by one press.
import { Trans } from '@lingui/react/macro'
import { Button, CopyButton, Group, TextInput } from '@mantine/core'
import { Check, Copy } from 'lucide-react'

export const CopyField = ({ value, label }: { value: string; label: string }) => (
  <Group gap="xs" wrap="nowrap">
    <TextInput
      value={value}
      readOnly
      className="grow"
      classNames={{ input: 'code-input' }}
      aria-label={label}
      onFocus={({ currentTarget }) => currentTarget.select()}
    />
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          flex="none"
          onClick={copy}
          leftSection={copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        >
          {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
        </Button>
      )}
    </CopyButton>
  </Group>
)
