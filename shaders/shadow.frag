#if SHEER
#include "sheer.glsl"
#endif

void main() {
#if SHEER
    if (chance(gl_FragCoord.xy) > cover) discard;
#endif
}
