layout(location = 0) in vec3 position;

uniform mat4 world_to_clip;

#if MASKED
layout(location = 3) in vec2 flat_position;
out vec2 cloth;
#endif

void main() {
#if MASKED
    cloth = flat_position;
#endif
    gl_Position = world_to_clip * vec4(position, 1.0);
}
