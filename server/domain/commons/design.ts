// Everything that a design says of itself -> what is shown of it. The manifest first, then what the files tell.
import type { DesignWarning } from '../../contract/commons.ts'
import type { DesignReading, Parent, ReadFile, TextBlock } from '../../contract/design-reading.ts'
import type { Licence } from '../../contract/licences.ts'
import type { SourceFacts } from '../../contract/sources.ts'
import { type DataPackage, readDataPackage } from './data-package.ts'
import type { DesignInput } from './design-input.ts'
import { licencesOf } from './design-licence.ts'
import { BadManifest, cleanText } from './fields.ts'
import { licenceTag } from './licence-text.ts'
import { readLicence, sameLicence } from './licences.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { placeOf, sameRepo, webAddress } from './paths.ts'
import { beginningOf, readReadme } from './readme.ts'
import {
  folderOf,
  isDataPackage,
  isLicenceFile,
  isManifest,
  isPrintable,
  isReadme,
  kindOf,
  likelyPicture,
  nearestToRoot,
} from './tree.ts'

export const readDesign = (input: DesignInput): DesignReading => {
  const warnings: DesignWarning[] = []
  const manifests = readManifests(input, warnings)
  const manifest = manifests.find(({ path }) => path === nearestToRoot(manifests.map((one) => one.path))) ?? null
  const inner = manifests.filter((one) => one !== manifest)
  const bundle = readBundle(input, warnings)
  const readmePath = readmeOf(input.paths, manifest)
  const readme = readmePath === null ? [] : readReadme(input.texts.get(readmePath) ?? '')
  const beginning = beginningOf(readme)
  const { licence, documentation, software } = licencesOf({ input, manifest, bundle, readme }, warnings)
  const files = input.paths.map((path) => readFile(path, input.texts.get(path), licence, warnings))
  if (manifest !== null) warnings.push(...missingFiles(manifest, input.paths))
  const claimed = claimedOf(manifest, input.foundAt, warnings)
  const description = manifest?.description ?? bundle?.description ?? beginning.summary ?? input.facts.description ?? ''
  const { facts, given } = input
  const creators = firstFilled(
    manifest?.creators,
    bundle?.creators,
    holdersOf(input),
    facts.creators,
    given.creator === null ? [] : [given.creator],
  )
  return {
    name:
      shortLine(manifest?.name ?? bundle?.name ?? beginning.title ?? facts.title ?? input.fallbackName, 200) ||
      'Design',
    summary: shortLine(description.split('\n\n')[0] ?? '', 300),
    description: cleanText(description),
    safety: manifest?.safety ?? '',
    keywords: unique([...(manifest?.keywords ?? []), ...(bundle?.keywords ?? []), ...facts.keywords]).slice(0, 40),
    materials: unique(manifests.flatMap((one) => one.materials).map((text) => text.toUpperCase())),
    language: manifest?.language ?? null,
    creators: unique(creators.map((name) => shortLine(name, 200))),
    licence,
    documentationLicence: documentation,
    softwareLicence: software,
    manifest: manifest && { path: manifest.path, dialect: manifest.dialect },
    label: manifest?.version ?? bundle?.version ?? '',
    claimed,
    parents: parentsOf(manifest, bundle, facts),
    lineage: bundle?.lineage ?? [],
    changes: bundle?.changes ?? [],
    picture: pictureOf(manifest, bundle, readme, readmePath, input.paths),
    readme: readmePath === null ? [] : withOwnPictures(readme, readmePath, input),
    files,
    warnings: [
      ...warnings,
      ...[...(manifest === null ? [] : [manifest]), ...inner].flatMap((one) => one.warnings),
    ].slice(0, 200),
  }
}

const shortLine = (text: string, most: number): string => {
  const line = cleanText(text).replace(/\s+/g, ' ')
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`
}

const unique = (texts: readonly string[]): string[] => {
  const seen = new Map(texts.map((text) => [text.toLowerCase(), text]))
  return [...seen.values()].filter((text) => text !== '')
}

const firstFilled = (...lists: (readonly string[] | undefined)[]): readonly string[] =>
  lists.find((list) => list !== undefined && list.length > 0) ?? []

const houses = /free software foundation|creative commons|^cern$|<|yyyy|\[/i

/** Whom the copyright lines of the licence file and the README name: `Copyright (c) 2025 Jane Doe`. */
const holdersOf = ({ paths, texts }: DesignInput): string[] => {
  const told = paths.filter((path) => !path.includes('/') && (isLicenceFile(path) || isReadme(path)))
  return told.flatMap((path) =>
    [
      ...(texts.get(path) ?? '')
        .slice(0, 20_000)
        .matchAll(/^\s*Copyright (?:\(c\)|©)?[ \t]*\d{4}[\d ,–-]*(.{2,100})$/gim),
    ]
      .map((found) => cleanText(found[1] ?? '').replace(/(\. )?All rights reserved.*$|[.,\s]+$/i, ''))
      .filter((name) => name !== '' && !houses.test(name)),
  )
}

const readManifests = ({ paths, texts }: DesignInput, warnings: DesignWarning[]): Manifest[] =>
  paths.filter(isManifest).flatMap((path) => {
    try {
      const manifest = readManifest(path, texts.get(path) ?? '')
      if (manifest === null) {
        const message = 'The manifest is empty, such as a template that was never filled; the files tell instead.'
        warnings.push({ code: 'manifest.empty', place: path, message })
      }
      return manifest ?? []
    } catch (error) {
      if (!(error instanceof BadManifest)) throw error
      const message = `The manifest cannot be read: ${cleanText(error.message)}. The files tell instead.`
      warnings.push({ code: 'manifest.unreadable', place: path, message })
      return []
    }
  })

const readBundle = ({ paths, texts }: DesignInput, warnings: DesignWarning[]): DataPackage | null => {
  const path = nearestToRoot(paths.filter(isDataPackage))
  if (path === null) return null
  const bundle = readDataPackage(texts.get(path) ?? '')
  if (bundle === null) {
    warnings.push({
      code: 'manifest.unreadable',
      place: path,
      message: 'This description of the files is no JSON and was left out.',
    })
  }
  return bundle
}

const readmeOf = (paths: readonly string[], manifest: Manifest | null): string | null => {
  const named = manifest?.readme
  if (named != null && paths.includes(named) && isReadme(named)) return named
  return nearestToRoot(paths.filter(isReadme))
}

const readFile = (path: string, text: string | undefined, design: Licence, warnings: DesignWarning[]): ReadFile => {
  const own = text === undefined || kindOf(path) !== 'scad' ? null : headerLicence(text)
  const differs = own !== null && !sameLicence(own, design)
  if (differs) {
    const message = `The file says ${own.title}, the design ${design.title}. For prints of this file both hold.`
    warnings.push({ code: 'licence.file-differs', place: path, message })
  }
  return { path, kind: kindOf(path), isPrintable: isPrintable(path), licence: differs ? own : null }
}

/** `SPDX-License-Identifier:` or a line `LICENSE: ... CC BY SA 4.0 ...` at the head of a script. */
const headerLicence = (text: string): Licence | null => {
  const tag = licenceTag(text)
  const said = tag ?? /^[\s/*#]*licen[cs]e\s*:\s*(.{3,160})$/im.exec(text.slice(0, 4000))?.[1] ?? null
  if (said === null) return null
  const short = said
    .replace(/^.*licensed under (the )?/i, '')
    .replace(/\s*(https?:\S+|\*\/).*$/, '')
    .replace(/[\s:.]+$/, '')
  const licence = readLicence(short)
  return licence.state === 'unknown' || licence.state === 'none' ? null : licence
}

/** What the manifest names and the tree does not hold. A folder counts as held when something lies in it. */
const missingFiles = (manifest: Manifest, paths: readonly string[]): DesignWarning[] => {
  const named = [...manifest.paths, ...manifest.parts.flatMap((part) => part.paths)]
  return unique(named)
    .filter((path) => !paths.some((one) => one === path || one.startsWith(`${path}/`)))
    .map((path) => ({
      code: 'manifest.file-missing',
      place: manifest.path,
      message: `It names ${path.slice(0, 200)}, which is not there.`,
    }))
}

/** Where the manifest says that it belongs, if that is elsewhere than where it was found: a hint at a fork. */
const claimedOf = (manifest: Manifest | null, foundAt: string, warnings: DesignWarning[]): string | null => {
  const homes = manifest?.homes ?? []
  const claimed = webAddress(homes[0] ?? '')
  if (manifest === null || claimed === null) return null
  if (foundAt === '') return claimed
  if (homes.some((home) => sameRepo(home, foundAt))) return null
  const message = `The manifest belongs to ${claimed}, but the design was found at ${foundAt}: it may be a copy or a fork.`
  warnings.push({ code: 'origin.differs', place: manifest.path, message })
  return claimed
}

const parentsOf = (manifest: Manifest | null, bundle: DataPackage | null, facts: SourceFacts): Parent[] => {
  const forked = facts.forkedFrom === null ? null : webAddress(facts.forkedFrom)
  const all = [
    ...(manifest?.parents ?? []),
    ...(bundle?.parents ?? []),
    ...(forked === null ? [] : [{ title: forked, address: forked }]),
  ]
  return [...new Map(all.map((one) => [one.address || one.title, one])).values()].slice(0, 50)
}

const pictureOf = (
  manifest: Manifest | null,
  bundle: DataPackage | null,
  readme: readonly TextBlock[],
  readmePath: string | null,
  paths: readonly string[],
): string | null => {
  const shown = readme.flatMap((block) =>
    block.kind === 'picture' ? inTree(block.path, folderOf(readmePath ?? '')) : [],
  )
  const wanted = [manifest?.image ?? null, bundle?.image ?? null, ...shown]
  return (
    wanted.find((path) => path !== null && paths.includes(path) && kindOf(path) === 'image') ?? likelyPicture(paths)
  )
}

const inTree = (written: string, folder: string): string[] => {
  let plain = written
  try {
    plain = decodeURI(written)
  } catch {
    // A stray % is part of the name.
  }
  const place = placeOf(plain, folder, [])
  return 'path' in place ? [place.path] : []
}

/** Only pictures of the design itself: others would tell their hosts who looks. */
const withOwnPictures = (readme: readonly TextBlock[], readmePath: string, { paths }: DesignInput): TextBlock[] =>
  readme.flatMap((block): TextBlock[] => {
    if (block.kind !== 'picture') return [block]
    const path = inTree(block.path, folderOf(readmePath)).find((one) => paths.includes(one) && kindOf(one) === 'image')
    return path === undefined ? [] : [{ ...block, path }]
  })
