// Which ports this machine has, each by an identity that stays when the cable goes into another socket.
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export interface FoundPort {
  /** Stays the same for the same board: its by-id name, `usb:vendor:product:serial`, or else its path. */
  readonly identity: string
  /** What to open now. */
  readonly path: string
  /** For people: the board's own name, where it has one. */
  readonly label: string
  readonly serialNumber: string | null
}

const BY_ID = '/dev/serial/by-id'
const DEVICES = '/sys/class/tty'

/** `extra`: folders or devices to look at besides, for simulated printers and unusual paths. */
export const listPorts = async (extra: readonly string[]): Promise<FoundPort[]> => {
  const found = new Map<string, FoundPort>()
  const names = await namesById()
  for (const device of await entries(DEVICES)) {
    const port = await describe(device, names)
    if (port) found.set(port.identity, port)
  }
  for (const place of extra) {
    for (const path of await devicesAt(place)) {
      found.set(path, { identity: path, path, label: basename(path), serialNumber: null })
    }
  }
  return [...found.values()].sort((one, other) => one.identity.localeCompare(other.identity))
}

const entries = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch {
    return [] // No such folder on this system: it has no such ports.
  }
}

/** Device path -> its stable name below /dev/serial/by-id. */
const namesById = async (): Promise<Map<string, string>> => {
  const names = new Map<string, string>()
  for (const name of await entries(BY_ID)) {
    const path = join(BY_ID, name)
    names.set(await realpath(path).catch(() => path), path)
  }
  return names
}

/** A tty with real hardware behind it; the kernel lists many (tty0, ptmx) that have none. */
const describe = async (device: string, names: Map<string, string>): Promise<FoundPort | null> => {
  if (!/^tty(USB|ACM|AMA|S|XRUSB|CH343USB|GS)\d+$/.test(device)) return null
  const hardware = join(DEVICES, device, 'device')
  const driver = await readlink(join(hardware, 'driver')).catch(() => null)
  // Legacy serial ports exist as names on every PC, with nothing behind them.
  if (driver === null || /serial8250$|port$/.test(basename(driver))) return null
  const path = join('/dev', device)
  const usb = await usbFacts(hardware)
  const byId = names.get(path)
  const label = usb?.product ?? (byId ? basename(byId) : device)
  const serialNumber = usb?.serial ?? null
  const identity = byId ?? (usb?.serial ? `usb:${usb.vendor}:${usb.productId}:${usb.serial}` : path)
  return { identity, path, label, serialNumber }
}

interface UsbFacts {
  vendor: string
  productId: string
  product: string | null
  serial: string | null
}

/** Climbs from the tty's node to the USB device that carries it (at most six floors). */
const usbFacts = async (hardware: string): Promise<UsbFacts | null> => {
  let folder = await realpath(hardware).catch(() => '/')
  for (let floor = 0; floor < 6 && folder !== '/'; floor++) {
    const vendor = await textOf(join(folder, 'idVendor'))
    if (vendor !== null) {
      const productId = (await textOf(join(folder, 'idProduct'))) ?? ''
      return {
        vendor,
        productId,
        product: await textOf(join(folder, 'product')),
        serial: await textOf(join(folder, 'serial')),
      }
    }
    folder = dirname(folder)
  }
  return null
}

const textOf = async (path: string): Promise<string | null> => {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null || text.trim() === '' ? null : text.trim()
}

/** The character devices at a path: itself, or those in the folder. Links are followed, but the link's name is kept. */
const devicesAt = async (place: string): Promise<string[]> => {
  const kind = await stat(place).catch(() => null)
  if (kind === null) return []
  if (kind.isCharacterDevice()) return [place]
  if (!kind.isDirectory()) return []
  const paths = (await entries(place)).map((name) => join(place, name))
  const devices = await Promise.all(
    paths.map(async (path) => ((await stat(path).catch(() => null))?.isCharacterDevice() ? path : null)),
  )
  return devices.filter((path) => path !== null)
}
