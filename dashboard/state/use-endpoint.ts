// Ask an endpoint, wait, show, and ask again when it has changed.
import { notifications } from '@mantine/notifications'
import {
  QueryCache,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import type { Endpoint, ReplyOf } from '../../server/contract/endpoint.ts'
import type { AskOf } from '../../server/contract/request.ts'
import type { Change } from '../../server/contract/signals.ts'
import { CallFailed, call } from '../api/call.ts'

export const queries: QueryClient = new QueryClient({
  // The session has ended meanwhile: who is signed in is asked anew, and the door is shown.
  queryCache: new QueryCache({
    onError: (error) => {
      if (!(error instanceof CallFailed) || error.code !== 'session.none') return
      queries.invalidateQueries({ queryKey: ['/api/me'] }).catch(() => {})
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the server refuses it will refuse again.
      retry: (count, error) => count < 2 && error instanceof CallFailed && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: false,
    },
  },
})

/** The reply of an endpoint, kept as long as nothing of it changes. */
export const useEndpoint = <E extends Endpoint>(
  endpoint: E,
  ask: AskOf<E>,
  options: { enabled?: boolean; every?: number } = {},
): UseQueryResult<ReplyOf<E>, CallFailed> =>
  useQuery<ReplyOf<E>, CallFailed>({
    queryKey: [endpoint.url, ask],
    queryFn: ({ signal }) => call(endpoint, ask, signal),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
  })

/** Something that a person does. Where it is refused, a notification says why, unless the page shows it itself. */
export const useAction = <E extends Endpoint>(
  endpoint: E,
  options: { quiet?: boolean; done?: (reply: ReplyOf<E>) => void } = {},
): UseMutationResult<ReplyOf<E>, CallFailed, AskOf<E>> =>
  useMutation<ReplyOf<E>, CallFailed, AskOf<E>>({
    mutationFn: (ask) => call(endpoint, ask),
    onSuccess: (reply) => options.done?.(reply),
    onError: (error) => {
      if (!options.quiet) complain(error.message)
    },
  })

export const complain = (message: string): void => {
  notifications.show({ message, color: 'red', autoClose: 10_000, withBorder: true })
}

/** Which answers are no longer true when something has changed. */
const touched: Readonly<Record<Change['of'], readonly string[]>> = {
  printer: ['/api/printers', '/api/bridges', '/api/maintenance', '/api/loaded-spools', '/api/schedule/printers'],
  job: ['/api/jobs'],
  print: ['/api/jobs', '/api/printers', '/api/prints', '/api/maintenance', '/api/calendar'],
  file: ['/api/files', '/api/jobs'],
  bridge: ['/api/bridges', '/api/printers'],
  member: ['/api/members', '/api/me', '/api/invitations'],
  site: [
    '/api/site',
    '/api/job-settings',
    '/api/schedule/settings',
    '/api/schedule/circuits',
    '/api/schedule/printers',
    '/api/holidays',
    '/api/booking-rules',
    '/api/calendar',
  ],
  spool: ['/api/spools', '/api/filaments', '/api/loaded-spools', '/api/spoolman', '/api/jobs'],
  maintenance: ['/api/maintenance', '/api/printers'],
  // What is told about waiting: turns, reasons, predictions.
  queue: ['/api/jobs', '/api/queue/shares', '/api/calendar'],
  booking: [
    '/api/bookings',
    '/api/booking-series',
    '/api/calendar',
    '/api/blocks',
    '/api/booking-outlooks',
    '/api/check-in',
    '/api/waiting-offers',
  ],
  handover: ['/api/booking-handovers', '/api/bookings'],
  waiting: ['/api/waiting-list', '/api/waiting-offers'],
  qualification: ['/api/qualifications', '/api/calendar'],
  notice: ['/api/notices'],
  design: ['/api/designs', '/api/lists', '/api/approvals'],
  pull: ['/api/pulls', '/api/lists'],
  model: ['/api/models', '/api/designs'],
  'model-work': ['/api/model-work'],
  slice: ['/api/slices'],
}

export const takeChanges = (changes: readonly Change[]): void => {
  const urls = new Set(changes.flatMap(({ of }) => touched[of]))
  const isTouched = (key: unknown): boolean =>
    typeof key === 'string' && [...urls].some((url) => key === url || key.startsWith(`${url}/`))
  queries.invalidateQueries({ predicate: ({ queryKey }) => isTouched(queryKey[0]) }).catch(() => {})
}
