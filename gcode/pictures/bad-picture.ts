/** Bytes that are no picture, or one that is not taken here. The message is for people. */
export class BadPicture extends Error {
  override readonly name = 'BadPicture'
}
