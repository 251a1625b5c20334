// The dialects of G-code that firmwares speak, and in what they differ for a host that sends lines.

export type Dialect = 'marlin' | 'prusa' | 'klipper' | 'reprapfirmware' | 'repetier' | 'smoothieware'

/**
 * The longest text, in bytes, that a printer takes in one line. Marlin, Prusa and Repetier keep 96 bytes for a command
 * (MAX_CMD_SIZE), of which `N9999999 `, `*255` and the end take 14; what is over is lost, its checksum with it.
 */
export const longestText: Readonly<Record<Dialect, number>> = {
  marlin: 82,
  prusa: 82,
  repetier: 82,
  smoothieware: 240,
  reprapfirmware: 240,
  klipper: 4000,
}

/**
 * What G90 and G91 mean for E. `with-axes`: they switch E as well, until the next M82 or M83. `either`: E is relative
 * when one of G91 and M83 says so. `apart`: only M82 and M83 count.
 */
type ExtruderMode = 'with-axes' | 'either' | 'apart'

export const extruderMode: Readonly<Record<Dialect, ExtruderMode>> = {
  marlin: 'with-axes',
  smoothieware: 'with-axes',
  klipper: 'either',
  repetier: 'either',
  prusa: 'apart',
  reprapfirmware: 'apart',
}
