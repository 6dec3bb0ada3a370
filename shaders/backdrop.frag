#include "display.glsl"
#include "backdrop.glsl"

out vec4 shown;

void main() {
    shown = vec4(encode(backdrop()), 1.0);
}
