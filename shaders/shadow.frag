#if SHEER
#include "sheer.glsl"
#endif
#if MASKED
in vec2 cloth;
#endif

void main() {
#if MASKED
    if (chance(gl_FragCoord.xy) > there(cloth)) discard;
#elif SHEER
    if (chance(gl_FragCoord.xy) > cover) discard;
#endif
}
