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
