// How cloth shows that it was sewn: the groove of a seam and the puckers beside it, a hem that is turned in and
// stitched down, the rounded edge. From the distances that corners carry; what is smaller than a pixel fades to its mean.

uniform bool stitched;
uniform vec3 thread_colour;   // of the stitches
uniform float hem;     // [m] from a free edge; 0: not stitched

const float STITCH = 0.0032, THREAD = 0.0007;

struct Sewing {
    vec2 slope;   // of the surface, along the flat axes
    float shade;  // factor on the colour
    float thread; // part of the pixel that shows thread
};

// The part of a pixel that a line of a width covers, at a distance from its middle.
float covered(float away, float width, float pixel) {
    return clamp((0.5 * width - abs(away)) / pixel + 0.5, 0.0, 1.0) * min(width / pixel, 1.0);
}

// The direction in the flat cloth in which a value grows.
vec2 uphill(float value, vec2 cx, vec2 cy) {
    float det = cx.x * cy.y - cx.y * cy.x;
    vec2 d = vec2(dFdx(value), dFdy(value));
    vec2 way = vec2(d.x * cy.y - d.y * cx.y, d.y * cx.x - d.x * cy.x) / (abs(det) < 1e-14 ? 1e-14 : det);
    return way / max(length(way), 1e-6);
}

Sewing sewing(vec4 sewn, vec2 cx, vec2 cy, float pixel) {
    Sewing found = Sewing(vec2(0.0), 1.0, 0.0);
    vec2 from_edge = uphill(sewn.x, cx, cy), from_seam = uphill(sewn.z, cx, cy);
    float near = 1.0 - smoothstep(0.0015, 0.005, pixel);
    if (sewn.z < 0.02) {
        float d = sewn.z;
        found.shade *= 1.0 - 0.55 * covered(d, 0.0016, pixel);
        found.slope += from_seam * (0.30 * (d / 0.0022) * exp(-0.5 * d * d / (0.0022 * 0.0022)) * near);
        float wave = sin(sewn.w * 520.0 + 1.7 * sin(sewn.w * 131.0));
        found.slope += vec2(-from_seam.y, from_seam.x) * (0.10 * wave * exp(-d / 0.004) * near);
    }
    if (sewn.x < 0.04) {
        float d = sewn.x;
        found.slope -= from_edge * (0.9 * clamp(1.0 - d / 0.0012, 0.0, 1.0) * near);
        if (hem > 0.0) {
            float step_ = (d - hem - 0.002) / 0.0012;
            found.slope -= from_edge * (0.45 * exp(-step_ * step_) * near);
            float dash = mix(smoothstep(0.10, 0.16, abs(fract(sewn.y / STITCH) - 0.5)), 0.72,
                             smoothstep(0.0008, 0.002, pixel));
            found.thread = covered(d - hem, THREAD, pixel) * dash;
            found.shade *= 1.0 - 0.25 * covered(d - hem, 3.0 * THREAD, pixel);
        }
    }
    return found;
}
