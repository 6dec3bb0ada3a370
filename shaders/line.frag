#include "display.glsl"

uniform vec3 base_colour;

void main() {
    write_exact(base_colour, 1.0);
}
