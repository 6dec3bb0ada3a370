// Each instance is a piece of a polyline, widened to face the eye; corner by corner.
layout(location = 0) in vec3 start;
layout(location = 1) in vec3 stop;

uniform mat4 world_to_clip;
uniform vec3 eye;
uniform vec2 picture;   // pixels
uniform float width;    // [m]
uniform float scale;    // pixels of a metre at a distance of a metre
uniform float lift;     // [m]

void main() {
    vec3 a = start + normalize(eye - start) * lift;
    vec3 b = stop + normalize(eye - stop) * lift;
    vec4 ca = world_to_clip * vec4(a, 1.0), cb = world_to_clip * vec4(b, 1.0);
    vec2 along = (cb.xy / cb.w - ca.xy / ca.w) * picture;
    along = dot(along, along) > 1e-8 ? normalize(along) : vec2(1.0, 0.0);
    vec4 here = gl_VertexID < 2 ? ca : cb;
    float pixels = max(width * scale / here.w, 1.2);
    float side = float(gl_VertexID & 1) - 0.5;
    float end_ = gl_VertexID < 2 ? -0.25 : 0.25;
    vec2 shift = (vec2(-along.y, along.x) * side + along * end_) * pixels;
    gl_Position = here + vec4(2.0 * shift / picture * here.w, 0.0, 0.0);
}
