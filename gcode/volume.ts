// Filament as a length and as a volume.

/** mm² of a filament's cross-section, by its diameter in mm. */
export const areaOf = (diameter: number): number => (Math.PI / 4) * diameter * diameter
