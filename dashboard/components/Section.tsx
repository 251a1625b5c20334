// A part of a page: what it is about, and a card with it.
import { Card, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

export const Section = ({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) => (
  <section aria-label={title}>
    <Title order={2}>{title}</Title>
    {lead && (
      <Text size="sm" c="dimmed" mt={2}>
        {lead}
      </Text>
    )}
    <Card withBorder mt="xs">
      {children}
    </Card>
  </section>
)
