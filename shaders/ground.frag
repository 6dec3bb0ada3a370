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
uniform float turn;         // of the taps, another in each frame [rad]

const int TAPS = 12, SKY_TAPS = 12;
const float FADED = 0.85;   // part of the reach from which on nothing is seen of it
const float LOW = 0.15;     // lamps below would only draw long faint streaks, as on a matt studio sweep

// A sample stands for a whole piece of the sky or of the lamp's disc, and the farther from the feet, the higher is what
// hides it: so its shadow is widened in proportion to that distance, or every sample would show as a streak of its own.
// Where nothing can be hidden there are no taps: drivers without branches end a loop early, but run both sides of an if.
float reaching(int light, float distance_) {
    float piece = light > 0 ? 0.3 : STILL == 1 ? 0.06 : 0.11;
    float radius = (light > 0 ? 0.03 : 0.004) + piece * max(distance_ - 0.2, 0.0) / max(light_direction[light].y, 0.3);
    vec2 size = radius / light_texel[light] / vec2(textureSize(shadows, 0).xy);
    vec3 place = shadow_place(light, point, vec3(0.0, 1.0, 0.0));
    vec2 beyond = abs(place.xy - 0.5) - size;
    bool far = distance_ > FADED * reach || light_direction[light].y <= LOW;
    int taps = far || max(beyond.x, beyond.y) > 0.5 ? 0 : light > 0 ? SKY_TAPS : TAPS;
    float sum = 0.0;
    for (int tap = 0; tap < taps; ++tap) {
        float angle = 2.399963 * float(tap) + turn;
        sum += shadow_tap(light, place, sqrt((float(tap) + 0.5) / float(taps)) * vec2(cos(angle), sin(angle)) * size);
    }
    return taps > 0 ? sum / float(taps) : 1.0;
}

void main() {
    vec3 missing = vec3(0.0);
    float distance_ = length(point - centre);
    for (int k = 0; k < LIGHTS; ++k) {
        float height = light_direction[k].y;
        missing += light_colour[k] * height * smoothstep(LOW, 0.5, height) * (1.0 - reaching(k, distance_));
    }
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
