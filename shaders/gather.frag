uniform sampler2D picture;
layout(location = 0) out vec4 pixel;

#if EXACT
uniform sampler2D picture_exact;
layout(location = 1) out vec4 exact;
#endif

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    pixel = texelFetch(picture, at, 0);
#if EXACT
    exact = texelFetch(picture_exact, at, 0);
#endif
}
