// What lies behind everything: one colour, a gradient from below to above, or a picture that fills all.

uniform vec3 background_low;
uniform vec3 background_high;
uniform sampler2D backdrop_picture;
uniform bool backed;
uniform vec2 whole;           // of the picture, in pixels
uniform vec2 corner;          // of what is drawn of it
uniform vec2 backdrop_part;   // of the backdrop's picture that is seen

vec3 backdrop() {
    vec2 at = (gl_FragCoord.xy + corner) / whole;
    if (backed) return texture(backdrop_picture, 0.5 + (at - 0.5) * backdrop_part).rgb;
    vec3 even = mix(sqrt(background_low), sqrt(background_high), at.y);
    return even * even;
}
