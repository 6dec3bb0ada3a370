layout(location = 0) in vec3 position;

uniform mat4 world_to_clip;

void main() {
    gl_Position = world_to_clip * vec4(position, 1.0);
}
