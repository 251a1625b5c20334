// How this workshop handles jobs: whose wait for a yes, and what becomes of failed copies.
import { Trans, useLingui } from '@lingui/react/macro'
import { Card, Checkbox, Group, Radio, Stack, Title } from '@mantine/core'
import { changeJobSettings, showJobSettings } from '../../server/contract/approvals.ts'
import type { Role } from '../../server/contract/permissions.ts'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

export const JobSettings = () => {
  const { t } = useLingui()
  const settings = useEndpoint(showJobSettings, {})
  const change = useAction(changeJobSettings)
  if (!settings.data) return null
  const { approvalRoles, afterFailure } = settings.data
  return (
    <Card withBorder maw={640} component="section" aria-label={t`How jobs are handled`}>
      <Title order={2} mb="sm">
        <Trans>How jobs are handled</Trans>
      </Title>
      <Stack gap="md">
        <Checkbox.Group
          label={t`Jobs wait for an operator's yes when they are of`}
          value={[...approvalRoles]}
          onChange={(roles) => change.mutate({ body: { approvalRoles: roles as Role[] } })}
        >
          <Group mt="xs">
            <Checkbox value="member" label={t`Members`} />
          </Group>
        </Checkbox.Group>
        <Radio.Group
          label={t`When a copy fails`}
          value={afterFailure}
          onChange={(value) => change.mutate({ body: { afterFailure: value === 'again' ? 'again' : 'ask' } })}
        >
          <Stack mt="xs" gap="xs">
            <Radio value="ask" label={t`its member is asked what becomes of it`} />
            <Radio value="again" label={t`it goes back into the queue, twice at the most`} />
          </Stack>
        </Radio.Group>
      </Stack>
    </Card>
  )
}
