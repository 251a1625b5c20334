// The tip of the nozzle: a cone that stands on its tip, of the same size on screen whatever the distance.
import { ConeGeometry, Mesh, MeshBasicMaterial } from 'three'

/** One unit high; its tip is the origin. */
export const openNozzle = (): Mesh => {
  const geometry = new ConeGeometry(0.32, 1, 24)
  geometry.rotateX(-Math.PI / 2)
  geometry.translate(0, 0, 0.5)
  return new Mesh(
    geometry,
    new MeshBasicMaterial({ color: '#e2733d', opacity: 0.85, transparent: true, depthTest: false }),
  )
}
