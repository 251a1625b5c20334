// Nothing here yet: what this place is for, and what to do next.
import { Stack, Text, Title } from '@mantine/core'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

export interface EmptyStateProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly children?: ReactNode
  /** A button, where there is something to do. */
  readonly action?: ReactNode
}

export const EmptyState = ({ icon: Icon, title, children, action }: EmptyStateProps) => (
  <Stack align="center" gap="xs" className="empty-state">
    <Icon size={40} strokeWidth={1.4} aria-hidden />
    <Title order={2} ta="center">
      {title}
    </Title>
    <Text c="dimmed" ta="center" maw="44ch">
      {children}
    </Text>
    {action}
  </Stack>
)
