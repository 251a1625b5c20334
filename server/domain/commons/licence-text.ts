// The text of a licence file -> which licence it is.

const BEGINNING = 4000

const texts: readonly (readonly [RegExp, string])[] = [
  [/CERN Open Hardware Licen[cs]e Version 2 ?-? ?Strongly Reciprocal/i, 'CERN-OHL-S-2.0'],
  [/CERN Open Hardware Licen[cs]e Version 2 ?-? ?Weakly Reciprocal/i, 'CERN-OHL-W-2.0'],
  [/CERN Open Hardware Licen[cs]e Version 2 ?-? ?Permissive/i, 'CERN-OHL-P-2.0'],
  [/CERN (?:OHL|Open Hardware Licen[cs]e) v?1\.2/i, 'CERN-OHL-1.2'],
  [/CERN (?:OHL|Open Hardware Licen[cs]e) v?1\.1/i, 'CERN-OHL-1.1'],
  [/TAPR Open Hardware License/i, 'TAPR-OHL-1.0'],
  [/PolyForm Noncommercial License 1\.0\.0/i, 'PolyForm-Noncommercial-1.0.0'],
  [/CC0 1\.0 Universal/i, 'CC0-1.0'],
  [/GNU AFFERO GENERAL PUBLIC LICENSE Version 3/i, 'AGPL-3.0-only'],
  [/GNU LESSER GENERAL PUBLIC LICENSE Version 3/i, 'LGPL-3.0-only'],
  [/GNU LESSER GENERAL PUBLIC LICENSE Version 2\.1/i, 'LGPL-2.1-only'],
  [/GNU GENERAL PUBLIC LICENSE Version 3/i, 'GPL-3.0-only'],
  [/GNU GENERAL PUBLIC LICENSE Version 2/i, 'GPL-2.0-only'],
  [/Apache License,? Version 2\.0/i, 'Apache-2.0'],
  [/Mozilla Public License Version 2\.0/i, 'MPL-2.0'],
  [/This is free and unencumbered software released into the public domain/i, 'Unlicense'],
  [/Redistribution and use in source and binary forms.*Neither the name/i, 'BSD-3-Clause'],
  [/Redistribution and use in source and binary forms/i, 'BSD-2-Clause'],
  [/Permission is hereby granted, free of charge, to any person obtaining a copy/i, 'MIT'],
  [/Permission to use, copy, modify, and(?:\/or)? distribute this software/i, 'ISC'],
]

const creativeCommons =
  /(?:Creative Commons )?(Attribution(?:[- ](?:NonCommercial|Non-Commercial))?(?:[- ](?:ShareAlike|NoDerivatives|NoDerivs|Share Alike))?) (\d\.\d) (?:International|Unported|Generic)/i

const marks: readonly (readonly [RegExp, string])[] = [
  [/non-?commercial/i, '-NC'],
  [/share ?alike/i, '-SA'],
  [/noderiv/i, '-ND'],
]

/** The SPDX id; null: no text that is known. */
export const licenceOfText = (text: string): string | null => {
  const beginning = text.slice(0, BEGINNING).replace(/[\s﻿*#[\]]+/g, ' ')
  const tagged = licenceTag(text)
  if (tagged !== null) return tagged
  const cc = creativeCommons.exec(beginning.slice(0, 1500))
  if (cc) {
    const kind = cc[1] ?? ''
    return `CC-BY${marks.map(([pattern, part]) => (pattern.test(kind) ? part : '')).join('')}-${cc[2]}`
  }
  return texts.find(([pattern]) => pattern.test(beginning))?.[1] ?? null
}

/** What `SPDX-License-Identifier:` says at the beginning of a file; null: nothing. */
export const licenceTag = (text: string): string | null =>
  /SPDX-License-Identifier:[ \t]*([^\r\n*]{1,200})/
    .exec(text.slice(0, BEGINNING))?.[1]
    ?.replace(/(-->|\*\/)\s*$/, '')
    .trim() ?? null
