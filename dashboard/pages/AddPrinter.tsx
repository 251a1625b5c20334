// Adding a printer: the ports that the bridges see now, and what kind of printer it is.
import { useLingui } from '@lingui/react/macro'
import { Center, Loader, Modal } from '@mantine/core'
import { addPrinter, listBridges } from '../../server/contract/printers.ts'
import { PrinterForm } from '../components/PrinterForm.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

export const AddPrinter = ({ close }: { close(): void }) => {
  const { t } = useLingui()
  return (
    <Modal opened onClose={close} title={t`Add a printer`} size="lg">
      <NewPrinter close={close} />
    </Modal>
  )
}

const NewPrinter = ({ close }: { close(): void }) => {
  const bridges = useEndpoint(listBridges, {}, { every: 2000 })
  const add = useAction(addPrinter, { quiet: true, done: close })
  if (!bridges.data) {
    return (
      <Center mih={200}>
        <Loader />
      </Center>
    )
  }
  return (
    <PrinterForm
      bridges={bridges.data}
      start={null}
      busy={add.isPending}
      refusal={add.error?.message ?? null}
      save={(body) => add.mutate({ body })}
    />
  )
}
