// A rectangle on the floor, corner by corner.
uniform mat4 world_to_clip;
uniform vec3 low;
uniform vec3 high;

out vec3 point;
out vec4 place_in_clip;

void main() {
    point = mix(low, high, vec3(float(gl_VertexID & 1), 0.0, float(gl_VertexID >> 1)));
    place_in_clip = world_to_clip * vec4(point, 1.0);
    gl_Position = place_in_clip;
}
