uniform sampler2D picture;

out vec4 pixel;

void main() {
    pixel = texelFetch(picture, ivec2(gl_FragCoord.xy), 0);
}
