// What the OpenSCAD engine is asked and what it answers: JSON, checked on both sides.
import * as Type from 'typebox'
import { ScadParameter, ScadValues, TreePath } from '../contract/model-work.ts'
import { ModelNote } from '../contract/models.ts'

/** The files of the design lie below this folder, by their paths. */
export const TREE_FOLDER = 'tree'
export const SCAD_OUTPUT = 'rendered.stl'

export const ScadJob = Type.Object({
  kind: Type.Union([Type.Literal('parameters'), Type.Literal('render')]),
  entry: TreePath,
  paths: Type.Array(TreePath),
  values: ScadValues,
})
export type ScadJob = Type.Static<typeof ScadJob>

export const ScadAnswer = Type.Object({
  parameters: Type.Optional(Type.Array(ScadParameter)),
  notes: Type.Array(ModelNote),
})
export type ScadAnswer = Type.Static<typeof ScadAnswer>
