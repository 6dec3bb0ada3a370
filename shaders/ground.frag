// The floor shows only what light it misses: shadow on whatever the background is, fading outwards.
#include "display.glsl"
#include "light.glsl"

in vec3 point;

uniform vec3 centre;
uniform float reach;
uniform vec3 background;
uniform vec3 floor_light;   // what would reach the floor without anybody on it

void main() {
    const vec3 up = vec3(0.0, 1.0, 0.0);
    vec3 missing = vec3(0.0);
    for (int k = 0; k < LIGHTS; ++k)
        missing += light_colour[k] * max(light_direction[k].y, 0.0) * (1.0 - visible(k, point, up));
    float dark = dot(missing, vec3(0.2126, 0.7152, 0.0722)) / dot(floor_light, vec3(0.2126, 0.7152, 0.0722));
    dark *= 1.0 - smoothstep(0.35, 1.0, length(point - centre) / reach);
#if DISPLAY
    write_exact(background * (1.0 - dark), 1.0);
#else
    write_light(vec3(0.0), dark);
#endif
}
