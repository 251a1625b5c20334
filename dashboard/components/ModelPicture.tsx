// The picture of a design or a model, or a sign in its place.
import { Box, Braces } from 'lucide-react'
import { useState } from 'react'

/** Decoration beside a name: without text of its own. */
export const ModelPicture = ({ src, isScript = false }: { src: string | null; isScript?: boolean }) => {
  const [failed, setFailed] = useState<string | null>(null)
  const Icon = isScript ? Braces : Box
  return (
    <span className="model-picture">
      {src !== null && failed !== src ? (
        <img src={src} alt="" loading="lazy" onError={() => setFailed(src)} />
      ) : (
        <Icon size={40} strokeWidth={1.3} aria-hidden />
      )}
    </span>
  )
}
