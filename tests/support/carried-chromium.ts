// The Chromium that npm brings, unpacked with the libraries and fonts that a bare machine lacks.
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { extract } from 'tar-stream'

export interface Carried {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

// The package's own unpacking leaves the libraries out where it does not find itself on Amazon's Linux,
// and keeps one folder in /tmp for all users.
const home = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', '..')

/** Unpacks at the first call on this machine, beside the package. */
export const carriedChromium = async (): Promise<Carried> => {
  const folder = join(home, 'unpacked')
  if (!existsSync(folder)) {
    // Others may do the same at this moment: whoever is first to rename has done it for all.
    const begun = mkdtempSync(join(home, 'unpacking-'))
    await unpackInto(begun)
    try {
      renameSync(begun, folder)
    } catch (error) {
      rmSync(begun, { recursive: true, force: true })
      if (!existsSync(folder)) throw error
    }
  }
  // The carried one names folders of Amazon's; without any font Chromium ends at the first page.
  writeFileSync(join(folder, 'fonts.conf'), fontsConf(folder))
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: folder },
  }
}

const fontsConf = (folder: string): string =>
  `<fontconfig><dir>${folder}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`

const unpackInto = async (folder: string): Promise<void> => {
  const program = createWriteStream(join(folder, 'chromium'), { mode: 0o755 })
  await pipeline(createReadStream(join(home, 'bin', 'chromium.br')), createBrotliDecompress(), program)
  for (const archive of ['al2023', 'fonts', 'swiftshader']) {
    const entries = extract()
    const unpacked = pipeline(
      createReadStream(join(home, 'bin', `${archive}.tar.br`)),
      createBrotliDecompress(),
      entries,
    )
    for await (const entry of entries) {
      const path = join(folder, entry.header.name)
      if (entry.header.type === 'file') {
        mkdirSync(dirname(path), { recursive: true })
        await pipeline(entry, createWriteStream(path, { mode: entry.header.mode ?? 0o644 }))
      } else entry.resume()
    }
    await unpacked
  }
}
