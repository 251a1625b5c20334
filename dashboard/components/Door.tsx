// The frame of the pages before one is in: the sign of the house, and a form.
import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

export const Door = ({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) => (
  <main className="door">
    <Stack gap="lg" w="100%" maw={440}>
      <Stack gap={6} align="center">
        <img src="/icon.svg" alt="" width={56} height={56} />
        <Title order={1} ta="center">
          {title}
        </Title>
        {lead && (
          <Text c="dimmed" ta="center">
            {lead}
          </Text>
        )}
      </Stack>
      <Paper withBorder p="lg" radius="lg">
        {children}
      </Paper>
    </Stack>
  </main>
)
