// The lamps of a picture. Light 0 is the key; the others (in still pictures) are samples of the sky.
// Colours are irradiance / pi on a surface that faces the lamp.

#if STILL
const int LIGHTS = 1 + SKY_LIGHTS;
#else
const int LIGHTS = 1;
#endif

uniform vec3 light_direction[LIGHTS];
uniform vec3 light_colour[LIGHTS];
uniform mat4 light_matrix[LIGHTS];   // world to shadow texture coordinates and depth
uniform float light_texel[LIGHTS];   // size of a shadow texel in the world [m]
uniform sampler2DArrayShadow shadows;
#if STILL
uniform sampler2DArrayShadow sky_shadows;
#endif
uniform vec3 sky[9];

vec3 sky_irradiance(vec3 n) {
    vec3 sum = sky[0] * 0.282095 + 0.488603 * (sky[1] * n.y + sky[2] * n.z + sky[3] * n.x);
    sum += 1.092548 * (sky[4] * n.x * n.y + sky[5] * n.y * n.z + sky[7] * n.x * n.z);
    sum += sky[6] * 0.315392 * (3.0 * n.z * n.z - 1.0) + sky[8] * 0.546274 * (n.x * n.x - n.y * n.y);
    return max(sum, 0.0);
}

// Shadow texels a side. Functions of a lamp are called with its number written out: software drivers look up by a
// variable one at a greater cost than that of all the light.
vec2 shadow_size(int light) {
#if STILL
    if (light > 0) return vec2(textureSize(sky_shadows, 0).xy);
#endif
    return vec2(textureSize(shadows, 0).xy);
}

float shadow_tap(int light, vec3 place, vec2 shift) {
#if STILL
    if (light > 0) return texture(sky_shadows, vec4(place.xy + shift, float(light - 1), place.z));
#endif
    return texture(shadows, vec4(place.xy + shift, 0.0, place.z));
}

// The point, lifted off its own surface, in shadow texture coordinates.
vec3 shadow_place(int light, vec3 point, vec3 normal) {
    vec3 lifted = point + normal * (1.2 * light_texel[light] + 0.0005) + light_direction[light] * 0.0015;
    return (light_matrix[light] * vec4(lifted, 1.0)).xyz;
}

// The part of a lamp that reaches a point: 1 all, 0 none.
float visible(int light, vec3 point, vec3 normal) {
    vec3 place = shadow_place(light, point, normal);
#if STILL
    if (light > 0) return shadow_tap(light, place, vec2(0.0));
#endif
    vec2 near = 0.75 / shadow_size(light);
    float sum = shadow_tap(light, place, near * vec2(-1.5, -0.5)) + shadow_tap(light, place, near * vec2(1.5, 0.5));
#if STILL
    sum += shadow_tap(light, place, near * vec2(0.5, -1.5)) + shadow_tap(light, place, near * vec2(-0.5, 1.5));
    return 0.25 * sum;
#else
    return 0.5 * sum;
#endif
}
