// A small design as somebody would publish it: a manifest, a README that tries what it should not, models, a script.
import { zipSync } from 'fflate'
import { box, type Triangle } from './meshes.ts'

const asciiStl = (name: string, triangles: readonly Triangle[]): string =>
  [
    `solid ${name}`,
    ...triangles.map(
      (corners) =>
        `facet normal 0 0 0\nouter loop\n${corners.map((corner) => `vertex ${corner.join(' ')}`).join('\n')}\nendloop\nendfacet`,
    ),
    `endsolid ${name}`,
  ].join('\n')

/** A post with an arm that hangs over: two boxes that share a volume. */
const hook = [...box([0, 0, 0], [12, 10, 20]), ...box([8, 0, 14], [16, 10, 6])]

/** Parameters of every kind; the text comes out as text whatever it says. */
const bracket = `// Width of the plate
width = 24; // [10:1:60]
// How many holes
holes = 2; // [1, 2, 3]
/* [Shape] */
corner = "round"; // [round, square]
size = [16, 4];
with_rim = false;
label = "A"; //8
module plate() { difference() {
  cube([width, size[0], size[1]]);
  for (i = [1:holes]) translate([width * i / (holes + 1), size[0] / 2, -1]) cylinder(d = 4, h = size[1] + 2, $fn = 24);
} }
plate();
if (with_rim) translate([0, 0, size[1]]) cube([width, 2, 2]);
`

const readme = `# Hook <img src=x onerror="document.title='taken'">

A hook for the **workshop**. See [the source](https://forge.example/anna/hook) and [not this](javascript:alert(1)).

<script>document.title = 'taken'</script>

| Part | Mass |
|---|---|
| hook | 4 g |
`

export const hookFiles: Readonly<Record<string, string>> = {
  'okh.toml': `okhv = "2.4"
name = "Coat hook <b>bold</b>"
repo = "https://forge.example/anna/hook"
version = "1.2"
license = "CC-BY-SA-4.0"
licensor = "Anna <script>alert(1)</script>"
function = "Holds a coat on a wall."
`,
  'README.md': readme,
  'parts/hook.stl': asciiStl('hook', hook),
  'parts/open.stl': asciiStl('open', box([0, 0, 0], [20, 20, 8]).slice(1)),
  'bracket.scad': bracket,
}

export const hookArchive = (): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(hookFiles).map(([path, text]) => [`hook/${path}`, Buffer.from(text)])))

const LARGE_STEPS = 316
/** mm */
const CELL = 0.4

/** A wavy sheet of 200 000 triangles as binary STL. */
export const largeMesh = (): Buffer => {
  const height = (x: number, y: number): number => 5 + 2 * Math.sin(x / 9) * Math.cos(y / 7)
  const triangles: number[][] = []
  for (let x = 0; x < LARGE_STEPS + 1 && triangles.length < 200_000; x++) {
    for (let y = 0; y < LARGE_STEPS + 1 && triangles.length < 200_000; y++) {
      const corner = (i: number, j: number) => [(x + i) * CELL, (y + j) * CELL, height(x + i, y + j)]
      triangles.push([...corner(0, 0), ...corner(1, 0), ...corner(1, 1)])
      triangles.push([...corner(0, 0), ...corner(1, 1), ...corner(0, 1)])
    }
  }
  const bytes = Buffer.alloc(84 + triangles.length * 50)
  bytes.writeUInt32LE(triangles.length, 80)
  triangles.forEach((corners, at) => {
    for (const [place, value] of corners.entries()) bytes.writeFloatLE(value, 84 + at * 50 + 12 + place * 4)
  })
  return bytes
}
