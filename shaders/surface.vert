layout(location = 0) in vec3 position;
layout(location = 1) in vec3 direction;
layout(location = 2) in vec3 colour;
layout(location = 3) in vec2 flat_position;
layout(location = 4) in vec4 values;
layout(location = 5) in vec4 stitches;

uniform mat4 world_to_clip;

out vec3 point;
out vec3 normal;
out vec3 tint;
out vec2 cloth;
out vec4 felt;
out vec4 sewn;

void main() {
    point = position;
    normal = direction;
    tint = colour;
    cloth = flat_position;
    felt = values;
    sewn = stitches;
    gl_Position = world_to_clip * vec4(position, 1.0);
}
