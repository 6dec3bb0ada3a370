// Cloth that lets light through between its threads. In still pictures each frame meets other threads of it, so that
// layers add up in any order (after Enderton et al., "Stochastic Transparency", 2010). The frames of a picture are a
// lattice over both sides of the cloth, another shift of it in each pixel, so that few of them are already even.

uniform float cover;   // part of the area that threads fill, seen straight on
uniform vec2 threads;  // this frame's place in the lattice: of the outside, of the inside

// The part that is filled when the cloth is seen aslant, by the cosine to its normal.
float filled(float part, float cosine) {
    return 1.0 - pow(1.0 - min(part, 0.9999), 1.0 / max(cosine, 0.15));
}

// A number 0..1 for this pixel and frame. Without a pattern over the picture: grain looks like cloth, dots do not.
float chance(vec2 at) {
    float here = fract(sin(dot(floor(at), vec2(12.9898, 78.233))) * 43758.5453);
    return gl_FrontFacing ? fract(here + threads.x) : fract(17.31 * here + threads.y);
}

#if MASKED
uniform vec3 mask_place[2];   // rows: (u, v, 1) to shares of a repeat
uniform sampler2D mask_filled;

// The part of a place of the flat cloth where there is any.
float there(vec2 flat_) {
    return texture(mask_filled, vec2(dot(mask_place[0], vec3(flat_, 1.0)), dot(mask_place[1], vec3(flat_, 1.0)))).r;
}

// After Hoskins, "Hash without Sine", 2014.
float scattered(vec2 cell) {
    vec3 p = fract(cell.xyx * 0.1031);
    p += dot(p, p.yzx + 33.33);
    return fract((p.x + p.y) * p.z);
}

// A number 0..1 that stays with its place on the cloth while the eye moves, in grains of about a pixel (Wyman & McGuire,
// "Hashed Alpha Testing", 2017): a blend of two grains, made even again. For quick pictures; still ones are smooth.
float hashed(vec2 flat_, float pixel) {
    float size = -log2(max(pixel, 1e-7)), between = fract(size);
    vec2 grain = exp2(vec2(floor(size), floor(size) + 1.0));
    float x = mix(scattered(floor(grain.x * flat_)), scattered(floor(grain.y * flat_)), between);
    float less = max(min(between, 1.0 - between), 1e-4);
    float room = 2.0 * less * (1.0 - less);
    float even = x < less ? x * x / room
               : x < 1.0 - less ? (x - 0.5 * less) / (1.0 - less)
                                : 1.0 - (1.0 - x) * (1.0 - x) / room;
    return clamp(even, 1e-4, 0.9999);
}
#endif
