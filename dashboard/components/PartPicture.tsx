// The slicer's picture of a part, or a sign in its place.
import { Box } from 'lucide-react'
import { thumbnailUrl } from '../../server/contract/files.ts'

/** `size` in pixels. Decoration beside the part's name, so it has no text of its own. */
export const PartPicture = ({ fileId, has, size }: { fileId: number; has: boolean; size: number }) => (
  <span className="part-picture" style={{ width: size, height: size }}>
    {has ? <img src={thumbnailUrl(fileId)} alt="" loading="lazy" /> : <Box size={size * 0.45} aria-hidden />}
  </span>
)
