// The floor shows only what light it misses: shadow on whatever the background is, fading outwards.
#include "display.glsl"
#include "light.glsl"
#include "backdrop.glsl"

in vec3 point;
in vec4 place_in_clip;

uniform vec3 centre;
uniform float reach;
uniform vec3 floor_light;   // what would reach the floor without anybody on it

uniform vec2 border;        // clip-space distance from the picture's edge over which the shadow fades; 0 does not
uniform vec2 first_tap;     // unit, another in each frame

const int TAPS = STILL == 1 ? 8 : 12, SKY_TAPS = 4;
const float GOLDEN = 2.399963;   // [rad] from tap to tap
const mat2 TURN = mat2(cos(GOLDEN), sin(GOLDEN), -sin(GOLDEN), cos(GOLDEN));

const float FADED = 0.85;   // part of the reach from which on nothing is seen of it
const float LOW = 0.15;     // lamps below would only draw long faint streaks, as on a matt studio sweep

// A sample stands for a whole piece of the sky or of the lamp's disc, and the farther from the feet, the higher is what
// hides it: so its shadow is widened in proportion to that distance, or every sample would show as a streak of its own.
struct Look {
    vec3 place;   // in the lamp's shadow texture
    vec2 size;    // how far round it is looked
    int taps;     // 0 where nothing can be hidden: drivers without branches end a loop early, but run both sides of an if
};

Look look(int light, float distance_, float least, float piece, int taps) {
    float radius = least + piece * max(distance_ - 0.2, 0.0) / max(light_direction[light].y, 0.3);
    vec2 size = radius / light_texel[light] / shadow_size(light);
    vec3 place = shadow_place(light, point, vec3(0.0, 1.0, 0.0));
    vec2 beyond = abs(place.xy - 0.5) - size;
    bool far = distance_ > FADED * reach || light_direction[light].y <= LOW;
    return Look(place, size, far || max(beyond.x, beyond.y) > 0.5 ? 0 : taps);
}

// What of a lamp's light does not arrive, from taps on a spiral. Neither sines nor a table of them: both cost more than
// the taps do.
vec3 missed(int light, Look at) {
    vec2 way = first_tap;
    float sum = 0.0;
    for (int k = 0; k < at.taps; ++k) {
        way = TURN * way;
        sum += 1.0 - shadow_tap(light, at.place, sqrt((float(k) + 0.5) / float(at.taps)) * way * at.size);
    }
    float height = light_direction[light].y;
    return light_colour[light] * (height * smoothstep(LOW, 0.5, height) * sum / float(max(at.taps, 1)));
}

void main() {
    float distance_ = length(point - centre);
    vec3 missing = missed(0, look(0, distance_, 0.004, STILL == 1 ? 0.06 : 0.11, TAPS));
#if STILL
    missing += missed(1, look(1, distance_, 0.03, 0.3, SKY_TAPS));
    missing += missed(2, look(2, distance_, 0.03, 0.3, SKY_TAPS));
    missing += missed(3, look(3, distance_, 0.03, 0.3, SKY_TAPS));
    missing += missed(4, look(4, distance_, 0.03, 0.3, SKY_TAPS));
#endif
    float dark = dot(missing, vec3(0.2126, 0.7152, 0.0722)) / dot(floor_light, vec3(0.2126, 0.7152, 0.0722));
    dark *= 1.0 - smoothstep(0.15, FADED, distance_ / reach);
    if (border.x > 0.0) {
        vec2 inside = (1.0 - abs(place_in_clip.xy / place_in_clip.w)) / border;
        dark *= smoothstep(0.0, 1.0, inside.x) * smoothstep(0.0, 1.0, inside.y);
    }
#if DISPLAY
    write_exact(backdrop() * (1.0 - dark), 1.0);
#else
    write_light(vec3(0.0), dark);
#endif
}
