#include "display.glsl"
#include "light.glsl"
#include "surface_model.glsl"
#include "fabric.glsl"
#include "map.glsl"
#include "sewing.glsl"
#if SHEER
#include "sheer.glsl"
#endif

in vec3 point;
in vec3 normal;
in vec3 tint;
in vec2 cloth;
in vec4 felt;      // value, load, direction
in vec4 sewn;      // distance from a free edge and along it, the same of a seam

uniform vec3 eye;
uniform vec3 base_colour;
uniform float roughness;
uniform float metallic;
uniform float specular;
uniform vec3 sheen_colour;
uniform float sheen_roughness;
uniform vec3 subsurface;
uniform float opacity;
// Software drivers run both sides of every branch, so what a surface has is told when it is compiled: SHADING (0 lit,
// 1 map, 2 flat), MAPPED, WEAVE, PRINTED, LEANING (the print has normals), SEWN, FUZZY (it has sheen), MASKED.
uniform float pitch;
uniform vec3 print_place[2];   // rows: (u, v, 1) to shares of a repeat
uniform sampler2D print_picture;
uniform sampler2D print_normals;

// How a photographed cloth leans, along the flat axes.
vec2 relief(vec2 share) {
    vec3 lean = texture(print_normals, share).xyz * 2.0 - 1.0;
    vec2 rise = -lean.xy / max(lean.z, 0.2);
    return normalize(print_place[0].xy) * rise.x + normalize(print_place[1].xy) * rise.y;
}

// The normal, tilted by the cloth's slope; the flat axes in space follow from screen derivatives (Schueler 2013).
vec3 tilted(vec3 n, vec2 slope, vec3 dx, vec3 dy, vec2 cx, vec2 cy) {
    vec3 across = cross(dy, n), along = cross(n, dx);
    vec3 u = across * cx.x + along * cy.x;
    vec3 v = across * cx.y + along * cy.y;
    float size = inversesqrt(max(max(dot(u, u), dot(v, v)), 1e-20));
    return normalize(n - (u * slope.x + v * slope.y) * size);
}

const float BOUNCED = 0.7;   // part of the light that what hides the sky is itself lit by

#if STILL
// What a sample of the sky would bring if nothing hid it.
vec3 unlit(Surface s, int light, vec3 smooth_normal) {
    return light_colour[light] * answer(s, light_direction[light], 1.0 - visible(light, point, smooth_normal));
}
#endif

void main() {
    vec3 to_eye = normalize(eye - point);
    vec3 n = normalize(gl_FrontFacing ? normal : -normal);
    vec3 dx = dFdx(point), dy = dFdy(point);
    vec2 cx = dFdx(cloth), cy = dFdy(cloth);
    vec3 base = base_colour * tint;
    vec2 share = vec2(dot(print_place[0], vec3(cloth, 1.0)), dot(print_place[1], vec3(cloth, 1.0)));
    if (PRINTED == 1) base = texture(print_picture, share).rgb * tint;

    if (SHADING > 0) {
        if (MAPPED == 1) base = mapped(felt, cloth, length(vec2(length(cx), length(cy))));
        float form = SHADING == 2 ? 1.0 : 0.7 + 0.3 * clamp(dot(n, to_eye), 0.0, 1.0);
        write_exact(base * form, opacity);
        return;
    }
    vec3 smooth_normal = n;
    float footprint = max(length(cx), length(cy));
    vec2 slope = vec2(0.0);
    float part = opacity;
    if (LEANING == 1) slope = relief(share);
    else if (WEAVE > 0) {
        Fabric f = fabric(WEAVE, cloth, pitch, footprint);
        base *= f.shade;
        slope = f.slope;
    }
    if (SEWN == 1) {
        Sewing seam = sewing(sewn, cx, cy, footprint);
        base = mix(base * seam.shade, thread_colour, seam.thread);
        slope += seam.slope;
    }
    if (LEANING + WEAVE + SEWN > 0) n = tilted(n, slope, dx, dy, cx, cy);
#if SHEER
#if MASKED
    part = there(cloth);
#else
    part = WEAVE == 5 ? net(cloth, pitch, footprint, cover) : cover;
#endif
    part = filled(part, abs(dot(smooth_normal, to_eye)));
#if STILL
    if (chance(gl_FragCoord.xy + corner) > part) discard;
    part = 1.0;
#elif MASKED
    if (hashed(cloth, footprint) > part) discard;
    part = 1.0;
#endif
#endif
    float turned_away = dot(n, to_eye);
    if (turned_away < 0.05) n = normalize(n + (0.05 - turned_away) * to_eye);

    Surface s;
    s.normal = n;
    s.eye = to_eye;
    s.reflection = mix(vec3(0.04 * specular), base, metallic);
    s.diffuse = base * (1.0 - metallic);
    s.roughness = clamp(roughness, 0.08, 1.0);
    s.lobe = reflected_part(s.roughness, max(dot(n, to_eye), 0.0));
    s.sheen = sheen_colour;
    s.sheen_roughness = sheen_roughness;
    s.wrap = subsurface;
    float fibres = max(sheen_colour.r, max(sheen_colour.g, sheen_colour.b));
    if (FUZZY == 1) s.diffuse *= 1.0 - fibres * sheen_albedo(s);

    vec3 colour = light_colour[0] * answer(s, light_direction[0], visible(0, point, smooth_normal)) + answer_sky(s);
#if STILL
    // All of the sky, less the samples of it that something hides: what nothing hides is lit without noise. What hides
    // them sends light back, about as much as this surface itself (as in Jimenez et al., "Practical Real-Time
    // Strategies for Accurate Indirect Occlusion", 2016).
    s.roughness = max(s.roughness, 0.45);
    vec3 hidden = unlit(s, 1, smooth_normal) + unlit(s, 2, smooth_normal);
    hidden += unlit(s, 3, smooth_normal) + unlit(s, 4, smooth_normal);
    colour -= (1.0 - BOUNCED * s.diffuse) * hidden;
#endif
    write_light(colour, part);
}
