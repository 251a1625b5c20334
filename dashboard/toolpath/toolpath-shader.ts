// Draws moves out of data textures: each vertex finds its point by its number, so that nothing is held per move.
import { toolpath } from '../../gcode/index.ts'
import { CHUNK_WIDTH } from './toolpath-store.ts'

const { STEPS, MOST_STEP, MOST_WIDTH, MOST_HEIGHT } = toolpath

/** Also the order of the numbers in `uColourBy`. */
export const colourNumbers = {
  role: 0,
  tool: 1,
  speed: 2,
  flow: 3,
  width: 4,
  height: 5,
  temperature: 6,
  'layer-time': 7,
} as const

const common = /* glsl */ `
precision highp int;
precision highp float;
precision highp usampler2D;
uniform usampler2D uPositions;
uniform usampler2D uMeasures;
uniform usampler2D uMarks;
/** Row 0: kinds. Row 1: tools. Row 2: objects, red where given up, green where chosen. */
uniform sampler2D uPalette;
uniform sampler2D uRamp;
/** Row 0: temperatures. The others: seconds of each layer. */
uniform sampler2D uValues;
uniform int uColourBy;
uniform vec2 uScale;
uniform uint uKinds;
uniform uvec2 uTools;
uniform float uTall;
uniform int uFirstSlot;
uniform int uDone;
uniform vec3 uBackground;
uniform vec3 uLight;

ivec2 placeOf(int n) { return ivec2(n % ${CHUNK_WIDTH}, n / ${CHUNK_WIDTH}); }

vec3 pointOf(int n) {
  uvec2 steps = texelFetch(uPositions, placeOf(n), 0).rg;
  uint z = (steps.r >> 22) | ((steps.g >> 22) << 10);
  return vec3(
    (float(steps.r & ${MOST_STEP}u) - ${STEPS.zero}.0) / ${STEPS.perMm}.0,
    (float(steps.g & ${MOST_STEP}u) - ${STEPS.zero}.0) / ${STEPS.perMm}.0,
    (float(z) - ${STEPS.zeroOfZ}.0) / ${STEPS.perMmOfZ}.0);
}

bool isShown(uint kind, uint tool) {
  if (((uKinds >> kind) & 1u) == 0u) return false;
  if (kind >= ${toolpath.RETRACT}u) return true;
  uint word = tool < 32u ? uTools.x : uTools.y;
  return ((word >> (tool & 31u)) & 1u) == 1u;
}

vec3 colourOf(uint kind, uint tool, uvec4 measures, uvec2 marks, int n) {
  vec3 colour;
  uint object = marks.g & 255u;
  if (kind >= ${toolpath.RETRACT}u || uColourBy == 0) colour = texelFetch(uPalette, ivec2(int(kind), 0), 0).rgb;
  else if (uColourBy == 1) colour = texelFetch(uPalette, ivec2(int(tool), 1), 0).rgb;
  else {
    float value;
    if (uColourBy == 2) value = float(measures.b) / 10.0;
    else if (uColourBy == 3) value = float(measures.a) / 100.0;
    else if (uColourBy == 4) value = float(measures.r & ${MOST_WIDTH}u) / 100.0;
    else if (uColourBy == 5) value = float(measures.g & ${MOST_HEIGHT}u) / 100.0;
    else if (uColourBy == 6) value = texelFetch(uValues, ivec2(int(marks.g >> 8), 0), 0).r;
    else value = texelFetch(uValues, ivec2(int(marks.r) % 1024, 1 + int(marks.r) / 1024), 0).r;
    float part = uScale.y > uScale.x ? (value - uScale.x) / (uScale.y - uScale.x) : 0.5;
    colour = texture(uRamp, vec2((clamp(part, 0.0, 1.0) * 255.0 + 0.5) / 256.0, 0.5)).rgb;
  }
  vec4 state = texelFetch(uPalette, ivec2(int(object), 2), 0);
  if (state.g > 0.5) colour = mix(colour, vec3(0.1, 0.75, 1.0), 0.65);
  if (state.r > 0.5) colour = mix(vec3(dot(colour, vec3(0.3, 0.6, 0.1))), uBackground, 0.55);
  if (uDone >= 0 && uFirstSlot + n > uDone) colour = mix(colour, uBackground, 0.82);
  return colour;
}
`

/** A bead as a strip that faces the eye, as wide as the bead looks from there: 6 vertices. The fragment rounds it. */
export const beadVertex = /* glsl */ `
${common}
out vec3 vColour;
out vec3 vWorld;
out float vAcross;
flat out vec3 vSide;
flat out vec3 vToEye;

void main() {
  int n = gl_VertexID / 6;
  int corner = gl_VertexID % 6;
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  uvec4 measures = texelFetch(uMeasures, placeOf(n), 0);
  uint kind = measures.r >> 11;
  uint tool = measures.g >> 10;
  if (n == 0 || kind >= ${toolpath.RETRACT}u || !isShown(kind, tool)) return;
  vec3 from = pointOf(n - 1);
  vec3 to = pointOf(n);
  float width = max(float(measures.r & ${MOST_WIDTH}u) / 100.0, 0.1);
  float height = max(float(measures.g & ${MOST_HEIGHT}u) / 100.0, 0.05) * uTall;
  from.z -= height * 0.5;
  to.z -= height * 0.5;
  vec3 way = to - from;
  float length_ = length(way);
  if (length_ < 1e-6) return;
  way /= length_;
  vec3 toEye = normalize(cameraPosition - (from + to) * 0.5);
  vec3 side = cross(way, toEye);
  side = dot(side, side) < 1e-6 ? vec3(way.z, way.x, way.y) : normalize(side);
  vec3 level = cross(way, vec3(0.0, 0.0, 1.0));
  level = dot(level, level) < 1e-6 ? vec3(1.0, 0.0, 0.0) : normalize(level);
  vec3 up = cross(level, way);
  float radius = length(vec2(0.5 * width * dot(side, level), 0.5 * height * dot(side, up)));
  bool atEnd = corner == 1 || corner == 2 || corner == 4;
  float across = corner == 2 || corner >= 4 ? 1.0 : -1.0;
  vec3 place = (atEnd ? to + way * width * 0.35 : from - way * width * 0.35) + side * radius * across;
  vColour = colourOf(kind, tool, measures, texelFetch(uMarks, placeOf(n), 0).rg, n);
  vWorld = place;
  vAcross = across;
  vSide = side;
  vToEye = normalize(toEye - way * dot(toEye, way));
  gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
}
`

export const beadFragment = /* glsl */ `
precision highp float;
uniform vec3 uLight;
uniform vec4 uCut;
in vec3 vColour;
in vec3 vWorld;
in float vAcross;
flat in vec3 vSide;
flat in vec3 vToEye;
out vec4 colour;

void main() {
  if (dot(vWorld, uCut.xyz) > uCut.w) discard;
  vec3 normal = vSide * vAcross * 0.9 + vToEye * sqrt(max(0.0, 1.0 - 0.81 * vAcross * vAcross));
  float light = 0.5 + 0.5 * max(0.0, dot(normal, uLight));
  colour = vec4(vColour * light, 1.0);
}
`

/** The same as a line of one pixel: for beads that are no wider than that, and for travel. 2 vertices. */
export const lineVertex = /* glsl */ `
${common}
out vec3 vColour;
out vec3 vWorld;

void main() {
  int n = gl_VertexID / 2;
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  uvec4 measures = texelFetch(uMeasures, placeOf(n), 0);
  uint kind = measures.r >> 11;
  uint tool = measures.g >> 10;
  if (n == 0 || kind == ${toolpath.START}u || !isShown(kind, tool)) return;
  vec3 from = pointOf(n - 1);
  vec3 to = pointOf(n);
  vec3 place = gl_VertexID % 2 == 0 ? from : to;
  vec3 colour = colourOf(kind, tool, measures, texelFetch(uMarks, placeOf(n), 0).rg, n);
  if (kind < ${toolpath.RETRACT}u) {
    // As a round thread is lit on the side that one sees.
    vec3 way = normalize(to - from + vec3(1e-9));
    vec3 toEye = normalize(cameraPosition - place);
    vec3 facing = toEye - way * dot(toEye, way);
    colour *= 0.5 + 0.5 * max(0.0, dot(normalize(facing + 1e-9), uLight));
  }
  vColour = colour;
  vWorld = place;
  gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
}
`

export const plainFragment = /* glsl */ `
precision highp float;
uniform vec4 uCut;
in vec3 vColour;
in vec3 vWorld;
out vec4 colour;

void main() {
  if (dot(vWorld, uCut.xyz) > uCut.w) discard;
  colour = vec4(vColour, 1.0);
}
`

/** A dot where filament is pulled back or fed again, and, for the kind START, where an outer wall begins. 1 vertex. */
export const dotVertex = (outerWalls: number): string => /* glsl */ `
${common}
uniform float uDotSize;
out vec3 vColour;
out vec3 vWorld;

void main() {
  int n = gl_VertexID;
  gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = 0.0;
  if (n == 0) return;
  uint kind = texelFetch(uMeasures, placeOf(n), 0).r >> 11;
  uint before = texelFetch(uMeasures, placeOf(n - 1), 0).r >> 11;
  bool seam = ((uKinds >> ${toolpath.START}u) & 1u) == 1u
    && ((${outerWalls}u >> kind) & 1u) == 1u && ((${outerWalls}u >> before) & 1u) == 0u;
  bool stop = (kind == ${toolpath.RETRACT}u || kind == ${toolpath.UNRETRACT}u) && ((uKinds >> kind) & 1u) == 1u;
  if (!seam && !stop) return;
  vec3 place = pointOf(seam ? n - 1 : n);
  vColour = texelFetch(uPalette, ivec2(seam ? ${toolpath.START} : int(kind), 0), 0).rgb;
  vWorld = place;
  gl_Position = projectionMatrix * viewMatrix * vec4(place, 1.0);
  gl_Position.z -= 0.0005 * gl_Position.w;
  gl_PointSize = uDotSize;
}
`

export const dotFragment = /* glsl */ `
precision highp float;
uniform vec4 uCut;
in vec3 vColour;
in vec3 vWorld;
out vec4 colour;

void main() {
  if (dot(vWorld, uCut.xyz) > uCut.w) discard;
  float radius = length(gl_PointCoord - 0.5);
  if (radius > 0.5) discard;
  colour = vec4(radius > 0.38 ? vColour * 0.5 : vColour, 1.0);
}
`
