// How much of the light from all around reaches a pixel, guessed from the depth beside it: scalable ambient obscurance
// (McGuire, Mara & Luebke 2012), its estimator on a spiral of taps.

uniform sampler2D depth;
uniform vec2 planes;    // nearest and farthest [m]
uniform float focal;    // [pixels]
uniform vec2 middle;    // of the picture, in pixels

const int TAPS = 20;
const float REACH = 0.07;    // [m]
const float STRENGTH = 0.9;

float away(ivec2 at) {
    float d = 2.0 * texelFetch(depth, at, 0).r - 1.0;
    return 2.0 * planes.x * planes.y / (planes.x + planes.y - d * (planes.y - planes.x));
}

vec3 place(ivec2 at) {
    float z = away(at);
    return vec3((vec2(at) + 0.5 - middle) * z / focal, z);
}

// To the neighbour, before or after, that is nearer in depth: across an edge of what is seen the other one is none.
vec3 flatter(ivec2 at, vec3 here, ivec2 step_) {
    vec3 ahead = place(at + step_) - here, behind = here - place(at - step_);
    return abs(ahead.z) < abs(behind.z) ? ahead : behind;
}

float open_to_the_sky(ivec2 at) {
    if (texelFetch(depth, at, 0).r >= 1.0) return 1.0;
    vec3 here = place(at);
    vec3 n = normalize(cross(flatter(at, here, ivec2(0, 1)), flatter(at, here, ivec2(1, 0))));
    if (n.z > 0.0) n = -n;
    float radius = REACH * focal / here.z;
    float turn = 6.2831853 * fract(52.9829189 * fract(dot(vec2(at), vec2(0.06711056, 0.00583715))));
    float sum = 0.0;
    ivec2 last = textureSize(depth, 0) - 1;
    for (int k = 0; k < TAPS; ++k) {
        float share = (float(k) + 0.5) / float(TAPS);
        float angle = turn + 43.9822971 * share;
        ivec2 tap = clamp(at + ivec2(radius * share * vec2(cos(angle), sin(angle))), ivec2(0), last);
        vec3 to = place(tap) - here;
        float far2 = dot(to, to), fall = max(REACH * REACH - far2, 0.0);
        sum += fall * fall * fall * max(dot(to, n) - 0.002, 0.0) / (far2 + 1e-5);
    }
    return max(0.25, 1.0 - STRENGTH * 5.0 / (pow(REACH, 5.0) * float(TAPS)) * sum);
}
