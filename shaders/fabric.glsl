// The look of cloth, drawn from its flat coordinates [m]: threads near by, the unevenness of yarn farther off.
// What is smaller than a pixel fades to its mean, so nothing shimmers. Kinds: 1 plain, 2 twill, 3 knit, 4 rib, 5 net.

struct Fabric {
    vec2 slope;   // of the surface, along the flat axes
    float shade;  // factor on the colour, mean 1
};

float noise(vec2 p) {
    vec2 cell = floor(p), f = p - cell;
    f = f * f * (3.0 - 2.0 * f);
    // Hashed without a sine (after Hoskins, "Hash without Sine", 2014), which processors are slow at.
    vec4 n = fract(vec4(cell.x, cell.x + 1.0, cell.x, cell.x + 1.0) * 0.1031) * 37.0;
    n += fract(vec4(cell.yy, cell.yy + 1.0) * 0.1130) * 53.0;
    n = fract(n * (n + 33.33));
    n = fract((n + 3.7) * (n + 19.19) * 7.13);
    return mix(mix(n.x, n.y, f.x), mix(n.z, n.w, f.x), f.y) - 0.5;
}

// One thread that runs along y through the unit cell centred on the origin, bowed over its neighbours.
Fabric thread(vec2 f) {
    float across = 1.0 - 3.6 * f.x * f.x;
    float along = cos(PI * f.y);
    return Fabric(vec2(-2.2 * f.x, -0.9 * sin(PI * f.y)), 0.73 + 0.59 * across * (0.35 + 0.65 * along));
}

Fabric plain(vec2 t) {
    vec2 cell = floor(t), f = t - cell - 0.5;
    if (mod(cell.x + cell.y, 2.0) < 0.5) return thread(f);
    Fabric weft = thread(f.yx);
    return Fabric(weft.slope.yx, weft.shade * 0.96);
}

// Warp over two weft threads and under the third, one thread later in each column: the twill line.
Fabric twill(vec2 t) {
    float column = floor(t.x);
    float phase = fract((t.y + column) / 3.0) - 0.5;
    Fabric warp = thread(vec2(t.x - column - 0.5, phase));
    warp.shade *= mix(1.08, 0.73, smoothstep(0.22, 0.46, abs(phase)));
    return warp;
}

// Stockinette: a column of V's, each of two slanted legs.
Fabric knitted(vec2 t) {
    float x = fract(t.x) - 0.5;
    float side = sign(x);
    float leg = abs(x) - 0.25;
    float y = fract(1.3 * t.y - 1.4 * abs(x)) - 0.5;
    float height = (1.0 - 10.0 * leg * leg) * (0.55 + 0.45 * cos(2.0 * PI * y));
    return Fabric(vec2(-4.5 * leg * side, -1.1 * sin(2.0 * PI * y)), 0.73 + 0.685 * height);
}

// The part of a net that threads fill: round holes in rows that stand in each other's gaps, as much hole as `cover` says.
float net(vec2 flat_, float pitch, float pixel, float cover) {
    vec2 cell = flat_ / (pitch * vec2(1.0, 0.8660254));
    cell.x += 0.5 * mod(floor(cell.y), 2.0);
    vec2 off = (fract(cell) - 0.5) * vec2(1.0, 0.8660254) * pitch;
    float radius = pitch * sqrt((1.0 - cover) * 0.8660254 / PI);
    float seen = clamp((length(off) - radius) / pixel + 0.5, 0.0, 1.0);
    return mix(seen, cover, smoothstep(0.25, 0.6, pixel / pitch));
}

Fabric fabric(int kind, vec2 flat_, float pitch, float pixel) {
    Fabric result = Fabric(vec2(0.0), 1.0);
    float close = 1.0 - smoothstep(0.16, 0.4, pixel / pitch);
    if (close > 0.0 && kind < 5) {
        vec2 t = flat_ / pitch;
        Fabric seen = kind >= 3 ? knitted(t) : kind == 2 ? twill(t) : plain(t);
        result.slope = seen.slope * 0.5 * close;
        result.shade = mix(1.0, seen.shade, close);
    }
    if (kind == 4) {   // knit and purl columns in turn, two each
        float shown = 1.0 - smoothstep(0.5, 1.3, pixel / pitch);
        float phase = 0.5 * PI * flat_.x / pitch;
        result.slope.x += 0.45 * cos(phase) * shown;
        result.shade *= 1.0 + 0.1 * sin(phase) * shown;
    }
    float streak = noise(flat_ * vec2(330.0, 9.0)) + noise(flat_ * vec2(7.0, 370.0) + 31.0);
    float cloud = noise(flat_ * 420.0) * 0.6 + noise(flat_ * 1100.0) * 0.8;
    float yarn = kind >= 3 ? cloud + 0.3 * streak : streak + 0.25 * cloud;
    result.shade *= 1.0 + 0.055 * yarn * (1.0 - smoothstep(0.0012, 0.004, pixel));
    return result;
}
