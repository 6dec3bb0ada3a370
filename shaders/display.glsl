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

// The light that `neutral` shows as `colour`: for colours that must arrive as they are. Near white it stops short.
vec3 before_neutral(vec3 colour) {
    float pressed = min(max(colour.r, max(colour.g, colour.b)), 0.985);
    float room = 1.0 - SHOULDER;
    if (pressed > SHOULDER) {
        float peak = room * room / (1.0 - pressed) - room + SHOULDER;
        float grey = 1.0 - 1.0 / (DESATURATION * (peak - pressed) + 1.0);
        colour = (min(colour, pressed) - pressed * grey) / (1.0 - grey) * peak / pressed;
    }
    float low = max(min(colour.r, min(colour.g, colour.b)), 0.0);
    return max(colour, 0.0) + (low < 0.04 ? sqrt(low / 6.25) - low : 0.04);
}

vec3 encode(vec3 colour) {
    colour = clamp(colour, 0.0, 1.0);
    return mix(12.92 * colour, 1.055 * pow(colour, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, colour));
}

// What a pass writes: to the screen at once (DISPLAY), or linear light times coverage, for gathering.
vec4 finish(vec3 colour, float opacity) {
#if DISPLAY
    return vec4(encode(neutral(colour)) * opacity, opacity);
#else
    return vec4(colour * opacity, opacity);
#endif
}
