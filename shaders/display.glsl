// From linear light to the screen: Khronos PBR Neutral (2024), AgX (Troy Sobotka, 2022; as fitted by Benjamin Wrensch,
// "Minimal AgX Implementation", 2023, MIT) or nothing, and exact sRGB (IEC 61966-2-1).

uniform int tone;   // 0 neutral, 1 AgX, 2 none

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

const mat3 INSET = mat3(0.842479062253094, 0.0423282422610123, 0.0423756549057051,
                        0.0784335999999992, 0.878468636469772, 0.0784336,
                        0.0792237451477643, 0.0791661274605434, 0.879142973793104);
const mat3 OUTSET = mat3(1.19687900512017, -0.0528968517574562, -0.0529716355144438,
                         -0.0980208811401368, 1.15190312990417, -0.0980434501171241,
                         -0.0990297440797205, -0.0989611768448433, 1.15107367264116);

vec3 agx(vec3 colour) {
    vec3 x = clamp((log2(max(INSET * colour, 1e-10)) + 12.47393) / 16.5, 0.0, 1.0);
    vec3 x2 = x * x, x4 = x2 * x2;
    vec3 curve = 15.5 * x4 * x2 - 40.14 * x4 * x + 31.96 * x4 - 6.868 * x2 * x + 0.4298 * x2 + 0.1191 * x - 0.00232;
    // The "punchy" look: without it cloth is pale.
    curve = pow(max(curve, 0.0), vec3(1.35));
    float grey = dot(curve, vec3(0.2126, 0.7152, 0.0722));
    return pow(max(OUTSET * (grey + 1.4 * (curve - grey)), 0.0), vec3(2.2));
}

vec3 toned(vec3 colour) {
    return tone == 0 ? neutral(colour) : tone == 1 ? agx(colour) : colour;
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
void write_light(vec3 colour, float opacity) { pixel = vec4(encode(toned(colour)) * opacity, opacity); }
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
