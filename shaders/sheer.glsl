// Cloth that lets light through between its threads. In still pictures each frame meets other threads of it, so that
// layers add up in any order (after Enderton et al., "Stochastic Transparency", 2010); frames follow additive
// low-discrepancy sequences (Roberts 2018), one for each side, so that few of them are already even.

uniform float cover;   // part of the area that threads fill, seen straight on
uniform int frame;

// The part that is filled when the cloth is seen aslant, by the cosine to its normal.
float filled(float part, float cosine) {
    return 1.0 - pow(1.0 - min(part, 0.9999), 1.0 / max(cosine, 0.15));
}

// A number 0..1 for this pixel and frame (interleaved gradient noise, Jimenez 2014).
float chance(vec2 at) {
    float here = fract(52.9829189 * fract(dot(at, vec2(0.06711056, 0.00583715))));
    return fract(here + float(frame) * (gl_FrontFacing ? 0.7548777 : 0.5698403));
}
