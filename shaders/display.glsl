// From linear light to the screen: Khronos PBR Neutral (2024), its inverse, and exact sRGB (IEC 61966-2-1).

const float SHOULDER = 0.8 - 0.04;
const float DESATURATION = 0.15;

vec3 neutral(vec3 colour) {
    float low = min(colour.r, min(colour.g, colour.b));
    colour -= low < 0.08 ? low - 6.25 * low * low : 0.04;
    float peak = max(colour.r, max(colour.g, colour.b));
    if (peak < SHOULDER) return colour;
    float room = 1.0 - SHOULDER;
    float pressed = 1.0 - room * room / (peak + room - SHOULDER);
    float grey = 1.0 - 1.0 / (DESATURATION * (peak - pressed) + 1.0);
    return mix(colour * pressed / peak, vec3(pressed), grey);
}

vec3 encode(vec3 colour) {
    colour = clamp(colour, 0.0, 1.0);
    return mix(12.92 * colour, 1.055 * pow(colour, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, colour));
}

#ifdef DISPLAY
// What a pass writes: to the screen at once (DISPLAY), or for gathering: linear light, and apart from it colours that
// must arrive exactly as they are, both times coverage.
layout(location = 0) out vec4 pixel;
#if DISPLAY
void write_light(vec3 colour, float opacity) { pixel = vec4(encode(neutral(colour)) * opacity, opacity); }
void write_exact(vec3 colour, float opacity) { pixel = vec4(encode(colour) * opacity, opacity); }
#else
layout(location = 1) out vec4 exact;
void write_light(vec3 colour, float opacity) {
    pixel = vec4(colour * opacity, opacity);
    exact = vec4(vec3(0.0), opacity);
}
void write_exact(vec3 colour, float opacity) {
    pixel = vec4(vec3(0.0), opacity);
    exact = vec4(colour * opacity, opacity);
}
#endif
#endif
