// How a surface answers one lamp: GGX (Walter 2007), Charlie sheen (Estevez & Kulla 2017) with its directional albedo
// taken from the layer below (Khronos KHR_materials_sheen), and diffuse light wrapped round the terminator by colour.

const float PI = 3.14159265;

struct Surface {
    vec3 normal;
    vec3 eye;         // unit, towards the eye
    vec3 diffuse;
    vec3 reflection;  // at normal incidence
    vec2 lobe;        // part of a sky's light that is reflected: factor of `reflection`, and besides it
    float roughness;
    vec3 sheen;
    float sheen_roughness;
    vec3 wrap;
};

uniform sampler2D sheen_table;

float sheen_albedo(Surface s) {
    return texture(sheen_table, vec2(dot(s.normal, s.eye), s.sheen_roughness)).r;
}

// The split sum as fitted by Karis (2014).
vec2 reflected_part(float roughness, float nv) {
    vec4 r = roughness * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
    float a = min(r.x * r.x, exp2(-9.28 * nv)) * r.x + r.y;
    return vec2(-1.04, 1.04) * a + r.zw;
}

// Reflection at grazing angles: rough or dark surfaces have little of a bright rim (Lagarde 2011).
vec3 rim(Surface s) {
    return max(vec3((1.0 - s.roughness) * clamp(25.0 * s.reflection.g, 0.0, 1.0)), s.reflection);
}

// What bounces between facets is not lost (Turquin 2019): a white metal in a white room is white.
float bounced(Surface s) {
    return 1.0 / (s.lobe.x + s.lobe.y);
}

vec3 answer(Surface s, vec3 light, float visible) {
    float facing = dot(s.normal, light);
    vec3 diffuse = s.diffuse * max(facing + s.wrap, 0.0) / ((1.0 + s.wrap) * (1.0 + s.wrap));
    float nl = max(facing, 0.0);
    if (nl <= 0.0) return diffuse * visible;
    vec3 halfway = normalize(light + s.eye);
    float nv = max(dot(s.normal, s.eye), 1e-3);
    float nh = clamp(dot(s.normal, halfway), 0.0, 1.0);
    float lh = clamp(dot(light, halfway), 0.0, 1.0);
    float alpha = s.roughness * s.roughness;
    float square = alpha * alpha;
    float spread = (nh * square - nh) * nh + 1.0;
    float masking = 0.5 / (nl * sqrt(nv * nv * (1.0 - square) + square) + nv * sqrt(nl * nl * (1.0 - square) + square));
    float miss = 1.0 - lh, miss2 = miss * miss;
    vec3 fresnel = mix(s.reflection, rim(s), miss2 * miss2 * miss);
    vec3 gloss = bounced(s) * square / (spread * spread) * masking * fresnel;
    // Never brighter than the peak seen head-on: a lamp behind would else draw a white seam along every silhouette.
    gloss = min(gloss, s.reflection / square);
    vec3 answered = diffuse + gloss * nl;
    if (FUZZY == 1) {
        float sine = max(1.0 - nh * nh, 0.0078125);
        float inverse_ = 1.0 / max(s.sheen_roughness, 0.07);
        answered += s.sheen * nl * (2.0 + inverse_) * pow(sine, 0.5 * inverse_) * 0.125 / (nl + nv - nl * nv);
    }
    return answered * visible;
}

// The same under a whole sky without shadows.
vec3 answer_sky(Surface s) {
    vec3 gloss = bounced(s) * (s.reflection * s.lobe.x + rim(s) * s.lobe.y);
    vec3 around = sky_irradiance(s.normal);
    if (FUZZY == 1) s.diffuse += s.sheen * sheen_albedo(s);
    return around * s.diffuse + gloss * sky_irradiance(reflect(-s.eye, s.normal));
}
