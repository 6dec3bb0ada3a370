// A map on cloth: colours of values along a ramp (as render.scene.Ramp has it), and patterns besides colour.

uniform vec3 ramp[16];     // sRGB
uniform int stops;         // 0: no map
uniform vec2 span;         // the values at the ends
uniform int bands;         // 0: smooth
uniform bool pattern;
uniform bool strokes;
uniform float stroke_cell; // [m] from stroke to stroke
uniform vec2 picture;      // pixels
uniform vec2 corner;       // of what is drawn of the whole picture

const vec3 INK = vec3(0.012);

vec3 decoded(vec3 colour) {
    return mix(colour / 12.92, pow((colour + 0.055) / 1.055, vec3(2.4)), step(0.04045, colour));
}

vec3 along_ramp(float share) {
    float place = share * float(stops - 1);
    int low = min(int(place), stops - 2);
    return decoded(mix(ramp[low], ramp[low + 1], place - float(low)));
}

// Whether a stroke along a direction, given by twice its angle, covers a place of the flat cloth; `footprint`: a pixel.
bool on_stroke(vec2 place, vec2 twice, float footprint) {
    if (dot(twice, twice) < 0.25) return false;
    float angle = 0.5 * atan(twice.y, twice.x);
    vec2 along = vec2(cos(angle), sin(angle));
    vec2 cell = place / stroke_cell;
    cell.x += 0.5 * mod(floor(cell.y), 2.0);
    vec2 off = (fract(cell) - 0.5) * stroke_cell;
    float beside = abs(off.x * along.y - off.y * along.x);
    return abs(dot(off, along)) < 0.36 * stroke_cell && beside < max(0.035 * stroke_cell, 0.4 * footprint);
}

vec3 mapped(vec4 felt, vec2 place, float footprint) {
    float share = clamp((felt.x - span.x) / (span.y - span.x), 0.0, 1.0);
    if (bands > 0) share = min(floor(share * float(bands)), float(bands - 1)) / float(max(bands - 1, 1));
    vec3 colour = along_ramp(share);
    float period = max(6.0, floor(picture.y / 120.0));
    vec2 at = gl_FragCoord.xy + corner;
    if (pattern && mod(at.y, period) < 0.6 * share * period) colour = mix(colour, INK, 0.55);
    if (felt.y > 1.0 && mod(at.x + at.y, 1.5 * period) < 0.4 * period) colour = INK;
    if (strokes && on_stroke(place, felt.zw, footprint)) colour = mix(colour, INK, 0.8);
    return colour;
}
