// One's own account: name, password, second factor, sessions, keys, privacy.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Center, Group, Loader, Select, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { Link2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { type Account, changeAccount, showAccount } from '../../server/contract/account.ts'
import type { Me } from '../../server/contract/members.ts'
import { oidcStartUrl } from '../../server/contract/oidc.ts'
import type { Site } from '../../server/contract/site.ts'
import { LimitFacts } from '../components/LimitFacts.tsx'
import { Section } from '../components/Section.tsx'
import { useRoleNames } from '../components/use-role-names.ts'
import { languages } from '../languages.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'
import { CalendarLinks } from './AccountCalendars.tsx'
import { EmailForm, PasswordForm } from './AccountForms.tsx'
import { Keys } from './AccountKeys.tsx'
import { NoticeChoicesForm } from './AccountNotices.tsx'
import { Sessions } from './AccountSessions.tsx'
import { SecondFactor } from './SecondFactor.tsx'

const reread = (): void => {
  queries.invalidateQueries().catch(() => {})
}

export const AccountPage = ({ me, site }: { me: Me; site: Site }) => {
  const { t } = useLingui()
  const account = useEndpoint(showAccount, {})
  if (!account.data) {
    return (
      <Center mih={300}>
        <Loader />
      </Center>
    )
  }
  return (
    <Stack gap="xl" maw={720}>
      <Title order={1}>
        <Trans>Account</Trans>
      </Title>
      <Section title={t`You`}>
        <You me={me} />
      </Section>
      <Section title={t`Who sees what you print`}>
        <Privacy account={account.data} site={site} />
      </Section>
      <Section title={t`Signing in`}>
        <Stack gap="lg">
          <PasswordForm account={account.data} me={me} />
          <EmailForm account={account.data} byMail={site.resetByMail} />
          {site.otherDoor !== null && <OtherDoor account={account.data} name={site.otherDoor} />}
        </Stack>
      </Section>
      <Section
        title={t`Second factor`}
        lead={<Trans>A number from your phone, besides the password: who finds that out still does not get in.</Trans>}
      >
        <SecondFactor account={account.data} />
      </Section>
      <div id="notices">
        <Section title={t`Notices`} lead={<Trans>What you are told of bookings, and how.</Trans>}>
          <NoticeChoicesForm />
        </Section>
      </div>
      <Section
        title={t`Calendars`}
        lead={<Trans>Links by which a calendar elsewhere shows your bookings, or when a printer is taken.</Trans>}
      >
        <CalendarLinks />
      </Section>
      <Section title={t`Where you are signed in`}>
        <Sessions />
      </Section>
      <Section title={t`Keys`} lead={<Trans>For slicers and scripts, which act in your name and show a key.</Trans>}>
        <Keys me={me} />
      </Section>
    </Stack>
  )
}

const You = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const names = useRoleNames()
  const [name, setName] = useState(me.name)
  const change = useAction(changeAccount, { quiet: true, done: reread })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate({ body: { name: name.trim() } })
  }
  return (
    <Stack>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t`Name`}
            description={t`You sign in with it, and others see it`}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            required
            maxLength={80}
            autoComplete="username"
            className="grow"
          />
          <Button type="submit" variant="default" disabled={name.trim() === me.name} loading={change.isPending}>
            <Trans>Change</Trans>
          </Button>
        </Group>
      </form>
      {change.isError && (
        <Alert color="red" role="alert">
          {change.error.message}
        </Alert>
      )}
      <Select
        label={t`Language`}
        data={[
          { value: '', label: t`As the browser says` },
          ...languages.map(({ code, name: called }) => ({ value: code, label: called })),
        ]}
        value={me.language ?? ''}
        onChange={(value) => change.mutate({ body: { language: value === '' ? null : value } })}
        allowDeselect={false}
        maw={280}
      />
      <Text size="sm">
        <Trans>
          Your role is {names[me.role].name}: {names[me.role].does}. Stewards change it.
        </Trans>
      </Text>
      <LimitFacts me={me} />
    </Stack>
  )
}

const Privacy = ({ account, site }: { account: Account; site: Site }) => {
  const { t } = useLingui()
  const change = useAction(changeAccount, { done: reread })
  return (
    <Switch
      label={t`Members see the names of my parts, and that they are mine`}
      description={
        site.showsNames
          ? t`In this workshop everyone's are shown.`
          : t`Those who run the machines always do. The others see that a printer is occupied, and until when.`
      }
      checked={site.showsNames || account.showsJobs}
      disabled={site.showsNames || change.isPending}
      onChange={({ currentTarget }) => change.mutate({ body: { showsJobs: currentTarget.checked } })}
    />
  )
}

const OtherDoor = ({ account, name }: { account: Account; name: string }) =>
  account.joined ? (
    <Text size="sm">
      <Trans>You can also sign in with {name}.</Trans>
    </Text>
  ) : (
    <div>
      <Button
        component="a"
        href={`${oidcStartUrl}?join=1`}
        variant="default"
        leftSection={<Link2 size={16} aria-hidden />}
      >
        <Trans>Connect with {name}</Trans>
      </Button>
      <Text size="sm" c="dimmed" mt={4}>
        <Trans>Then you can sign in there too. Your role here stays.</Trans>
      </Text>
    </div>
  )
