// 3MF and AMF files for tests, put together as a program would.
import { zipSync } from 'fflate'
import type { Triangle } from './meshes.ts'

const objectOf = (id: number, triangles: readonly Triangle[], attributes = ''): string => {
  const vertices = triangles.flat().map(([x, y, z]) => `<vertex x="${x}" y="${y}" z="${z}"/>`)
  const faces = triangles.map((_, at) => `<triangle v1="${at * 3}" v2="${at * 3 + 1}" v3="${at * 3 + 2}"/>`)
  return `<object id="${id}" type="model" ${attributes}><mesh><vertices>${vertices.join('')}</vertices><triangles>${faces.join('')}</triangles></mesh></object>`
}

export const meshObject = objectOf

export const modelXml = ({
  unit = 'millimeter',
  resources = '',
  build = '',
  before = '',
} = {}): string => `<?xml version="1.0" encoding="UTF-8"?>${before}
<model unit="${unit}" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02" xmlns:m="http://schemas.microsoft.com/3dmanufacturing/material/2015/02" xmlns:p="http://schemas.microsoft.com/3dmanufacturing/production/2015/06">
<resources>${resources}</resources><build>${build}</build></model>`

/** A 3MF package of this model, and of other files by their names. */
export const threeMf = (model: string, others: Readonly<Record<string, string>> = {}): Buffer => {
  const relations =
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>'
  const files = { '_rels/.rels': relations, '3D/3dmodel.model': model, ...others }
  return Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))),
  )
}
