#include "display.glsl"

uniform vec3 base_colour;

out vec4 pixel;

void main() {
    pixel = finish(before_neutral(base_colour), 1.0);
}
