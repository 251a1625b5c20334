// A design on its way from one's own disk: its files are laid on a tray one by one, then taken in.
import { finishTray, openTray, type Pull } from '../../server/contract/pulls.ts'
import { call } from '../api/call.ts'
import { layFile } from '../api/lay-file.ts'

export interface ChosenFile {
  readonly path: string
  readonly file: File
}

export interface TrayWish {
  readonly name: string
  readonly designId?: number
  readonly licence?: string
  readonly creator?: string
}

export interface SentSoFar {
  readonly files: number
  readonly bytes: number
}

/** Throws CallFailed. */
export const sendDesign = async (
  chosen: readonly ChosenFile[],
  wish: TrayWish,
  signal: AbortSignal,
  progress: (sent: SentSoFar) => void,
): Promise<Pull> => {
  const tray = await call(openTray, { body: wish }, signal)
  let bytes = 0
  for (const [at, one] of chosen.entries()) {
    await layFile(tray.id, one, signal, (sent) => progress({ files: at, bytes: bytes + sent }))
    bytes += one.file.size
    progress({ files: at + 1, bytes })
  }
  return call(finishTray, { params: { id: tray.id } }, signal)
}

/** What a computer keeps in folders for itself. */
const isClutter = (path: string): boolean =>
  path.split('/').some((part) => part === '__MACOSX' || part === '.git' || part === 'node_modules') ||
  /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(path)

/** Of an input for files or for a folder; without the folder's own name where all lie in one. */
export const chosenOf = (files: Iterable<File>): ChosenFile[] =>
  withoutRoot([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })))

const withoutRoot = (all: readonly ChosenFile[]): ChosenFile[] => {
  const kept = all.filter(({ path }) => !isClutter(path))
  const root = kept[0]?.path.split('/')[0] ?? ''
  const isShared = kept.length > 0 && kept.every(({ path }) => path.startsWith(`${root}/`))
  return kept.map(({ path, file }) => ({ path: isShared ? path.slice(root.length + 1) : path, file }))
}

/** What was dropped, folders opened. */
export const droppedFiles = async (items: DataTransferItemList): Promise<ChosenFile[]> => {
  // They are only there as long as the event is handled: all are taken before anything is waited for.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const found = (await Promise.all(entries.map((entry) => filesOf(entry, '')))).flat()
  return withoutRoot(found)
}

const filesOf = async (entry: FileSystemEntry, above: string): Promise<ChosenFile[]> => {
  const path = above === '' ? entry.name : `${above}/${entry.name}`
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return [{ path, file }]
  }
  if (!isFolder(entry)) return []
  const reader = entry.createReader()
  const inside: FileSystemEntry[] = []
  for (;;) {
    // It hands them out by the hundred.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) break
    inside.push(...some)
  }
  return (await Promise.all(inside.map((one) => filesOf(one, path)))).flat()
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
