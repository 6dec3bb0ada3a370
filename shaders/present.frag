// Gathered light over the background, to the screen or to a file with an alpha channel.
#include "display.glsl"
#include "backdrop.glsl"

#if OCCLUDED
#include "occlusion.glsl"
#endif

uniform sampler2D first;      // a quick picture, shown until enough is gathered
uniform sampler2D gathered;   // sum of `count` pictures
#if EXACT
uniform sampler2D first_exact;
uniform sampler2D gathered_exact;
#endif
uniform float count;
uniform float trust;          // 0 only `first`, 1 only `gathered`
uniform bool transparent;

out vec4 pixel;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec4 light = mix(texelFetch(first, at, 0), texelFetch(gathered, at, 0) / count, trust);
#if OCCLUDED
    light.rgb *= mix(1.0, open_to_the_sky(at), 0.6);   // the lamp reaches most crevices, the sky does not
#endif
    float cover = clamp(light.a, 0.0, 1.0);
    vec3 colour = cover > 0.0 ? toned(max(light.rgb, 0.0) / cover) : vec3(0.0);
#if EXACT
    vec3 exact = mix(texelFetch(first_exact, at, 0).rgb, texelFetch(gathered_exact, at, 0).rgb / count, trust);
    if (cover > 0.0) colour += exact / cover;
#endif
    if (transparent) pixel = vec4(encode(colour), cover);
    else pixel = vec4(encode(mix(backdrop(), colour, cover)), 1.0);
}
