import sharp, { type Sharp } from 'sharp';

/** A rectangle of one colour on a drawn picture. */
export interface Patch {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
}

/** A picture with a ground colour and patches on it, ready to be encoded in any format. */
export function drawn(width: number, height: number, ground: string, patches: readonly Patch[] = []): Sharp {
  const rectangles = patches
    .map(
      (p) => `<rect x="${p.left}" y="${p.top}" width="${p.width}" height="${p.height}" fill="${p.colour}"/>`,
    )
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="${width}" height="${height}" fill="${ground}"/>${rectangles}</svg>`;
  return sharp(Buffer.from(svg));
}

/** A red left and a blue right half, 200 by 100 pixels. */
export function redAndBlue(): Sharp {
  return drawn(200, 100, '#cc1f2d', [{ left: 100, top: 0, width: 100, height: 100, colour: '#2459b5' }]);
}
