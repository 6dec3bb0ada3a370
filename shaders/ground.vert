// A square on the floor, corner by corner.
uniform mat4 world_to_clip;
uniform vec3 centre;
uniform float reach;

out vec3 point;

void main() {
    point = centre + reach * vec3(float(gl_VertexID & 1) * 2.0 - 1.0, 0.0, float(gl_VertexID >> 1) * 2.0 - 1.0);
    gl_Position = world_to_clip * vec4(point, 1.0);
}
