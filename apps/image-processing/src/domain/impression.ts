import type { ImageAnalysis } from '@aura/contracts';
import { hueDistance, MAX_CHROMA, oklchOf } from '@aura/colour';
import { totalWeight, type CloudPoint } from './colour-cloud';

/** What the eye makes of a picture as a whole; see the contract for units. */
export type Impression = Pick<ImageAnalysis, 'brightness' | 'contrast' | 'saturation' | 'warmth'>;

/** Hue of the warmest colour in OKLCH: orange. The coldest lies opposite. */
const WARMEST_HUE = 60;

/** From this chroma on a colour is as warm or as cold as its hue says. */
const FULL_TEMPERATURE_CHROMA = 0.1;

/** The dark and the light end that contrast is measured between: a few specks of glare do not count. */
const ENDS = [0.05, 0.95] as const;

/** Brightness, contrast, saturation and warmth of a cloud that is not empty, with three decimals. */
export function impressionOf(cloud: readonly CloudPoint[]): Impression {
  const total = totalWeight(cloud);
  const mean = (value: (point: CloudPoint) => number): number =>
    cloud.reduce((sum, point) => sum + value(point) * point.weight, 0) / total;
  const [dark, light] = ENDS.map((part) => lightnessAt(cloud, part * total));
  return {
    brightness: clamped(mean(({ lab }) => lab.l)),
    contrast: clamped((light ?? 0) - (dark ?? 0)),
    saturation: clamped(mean(({ lab }) => oklchOf(lab).c / MAX_CHROMA)),
    warmth: rounded(mean(temperature)),
  };
}

function temperature({ lab }: CloudPoint): number {
  const { c, h } = oklchOf(lab);
  const hue = Math.cos((hueDistance(h, WARMEST_HUE) * Math.PI) / 180);
  return hue * Math.min(1, c / FULL_TEMPERATURE_CHROMA);
}

/** Lightness below which the given weight of the cloud lies. */
function lightnessAt(cloud: readonly CloudPoint[], weight: number): number {
  let below = 0;
  const points = [...cloud].sort((one, other) => one.lab.l - other.lab.l);
  const point = points.find((next) => {
    below += next.weight;
    return below >= weight;
  });
  return point?.lab.l ?? 0;
}

function clamped(value: number): number {
  return rounded(Math.min(1, Math.max(0, value)));
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
