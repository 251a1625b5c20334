// The names of fields that the dialects of OKH know, in their plain form (`documentationlanguage`).

/** Fields that name files or folders of the design. */
export const placeFields = [
  'readme',
  'contribution-guide',
  'bom',
  'user-manual',
  'manufacturing-instructions',
  'attestation',
  'publication',
  'image',
  'source',
  'export',
  'auxiliary',
  'tool-list',
  'design-files',
  'schematics',
  'making-instructions',
  'manufacturing-files',
  'risk-assessment',
  'tool-settings',
  'quality-instructions',
  'operating-instructions',
  'maintenance-instructions',
  'disposal-instructions',
  'software',
] as const

export const knownKeys: ReadonlySet<string> = new Set(
  [
    ...placeFields,
    // 1.0
    'date-created date-updated manifest-author manifest-language documentation-language manifest-is-translation',
    'documentation-is-translation title description intended-use health-safety-notice keywords project-link',
    'documentation-home contact contributors version development-stage made made-independently standards-used',
    'derivative-of variant-of sub sub-parts license licence licensor archive-download okh-manifest-version',
    // LOSH and 2.x
    'okhv name function repo release organization organisation fork-of technology-readiness-level',
    'documentation-readiness-level standard-compliance cpc-patent-class tsdc material printing-process mass',
    'outer-dimensions part rdf timestamp data-sourcing x-lineage',
  ].flatMap((line) => line.split(' ').map((key) => key.replaceAll('-', ''))),
)
