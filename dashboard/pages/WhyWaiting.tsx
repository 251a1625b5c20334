// An expandable line below a waiting job: why it waits. It asks only when it is opened.
import { Trans } from '@lingui/react/macro'
import { Box, Button, Collapse, Loader, Text } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { useId, useState } from 'react'
import { showReasons } from '../../server/contract/scheduling.ts'
import { JobReasons } from '../components/JobReasons.tsx'
import { useEndpoint } from '../state/use-endpoint.ts'

const REFRESH_MS = 20_000

export const WhyWaiting = ({ jobId }: { jobId: number }) => {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <Box className="why-waiting">
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-expanded={open}
        aria-controls={id}
        rightSection={<ChevronDown size={15} aria-hidden className={open ? 'turned' : ''} />}
        onClick={() => setOpen(!open)}
      >
        <Trans>Why is it waiting?</Trans>
      </Button>
      <Collapse expanded={open} id={id}>
        {open && <Reasons jobId={jobId} />}
      </Collapse>
    </Box>
  )
}

const Reasons = ({ jobId }: { jobId: number }) => {
  const told = useEndpoint(showReasons, { params: { id: jobId } }, { every: REFRESH_MS })
  return (
    <Box py="xs" px="xs">
      {told.isPending && <Loader size="sm" />}
      {told.error && <Text size="sm">{told.error.message}</Text>}
      {told.data && <JobReasons told={told.data} />}
    </Box>
  )
}
