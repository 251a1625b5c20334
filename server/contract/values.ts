// Values that many shapes share.
import * as Type from 'typebox'

/** A row's number. */
export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** An instant in UTC, ISO 8601. */
export const Instant = Type.String({ format: 'date-time' })

/** A name that people give: no control characters, no blanks at its ends. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: '^[^\\s\\p{Cc}](?:[^\\p{Cc}]*[^\\s\\p{Cc}])?$',
})

export const IdParams = Type.Object({ id: Id })

export const Nothing = Type.Object({})

export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const oneOf = <const T extends readonly string[]>(...words: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: words })

/** A word by which a set of printers is named. */
export const Tag = Type.String({
  minLength: 1,
  maxLength: 40,
  pattern: '^[^\\s\\p{Cc},](?:[^\\p{Cc},]*[^\\s\\p{Cc},])?$',
})
/** For what is sent: null comes first, because where a number or a text is wanted, null would be taken as 0 or as ''. */
export const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([Type.Null(), schema])
