/** Numbers in [0, 1) that follow from a seed alone (Mulberry32), so that a drawing is the same every time. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Grain of a camera sensor as grey pixels around 128, roughly normal with the given spread. */
export function grain(width, height, spread, seed) {
  const random = seeded(seed);
  const bell = () => random() + random() + random() + random() - 2;
  return Buffer.from(Uint8Array.from({ length: width * height }, () => 128 + bell() * 1.73 * spread));
}
