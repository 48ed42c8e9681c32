// Draws the sample pictures in apps/cli/samples: garments on a wall, with folds, light and grain, as real JPEG files.
// The same script draws the same pictures: `npm run samples`.
import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { CLOTH_DEFINITIONS } from './cloth.mjs';
import { autumnKnit, greenSummerDress, navySuit } from './garments.mjs';
import { grain } from './seeded.mjs';

const WIDTH = 800;
const HEIGHT = 1000;
const FOLDER = fileURLToPath(new URL('../../apps/cli/samples/', import.meta.url));

// The picture that the examples of the shipped workflows name by its digest.
const EXAMPLE = 'autumn-knit.jpg';
const EXAMPLES = fileURLToPath(new URL('../../contracts/workflows/examples/', import.meta.url));

const SAMPLES = [
  { file: 'green-summer-dress.jpg', wall: '#e4ddd0', garment: greenSummerDress },
  { file: 'navy-suit.jpg', wall: '#c4ab8e', garment: navySuit },
  { file: 'autumn-knit.jpg', wall: '#ddd0bd', garment: autumnKnit },
];

function scene({ wall, garment }) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
    <defs>
      ${CLOTH_DEFINITIONS}
      <filter id="plaster" x="0" y="0" width="100%" height="100%">
        <feTurbulence type="fractalNoise" baseFrequency="0.035" numOctaves="4" seed="3"/>
        <feDiffuseLighting surfaceScale="2.2" lighting-color="#fff"><feDistantLight azimuth="220" elevation="58"/></feDiffuseLighting>
      </filter>
      <radialGradient id="window" cx="30%" cy="18%" r="95%">
        <stop offset="0" stop-color="#fff8e8" stop-opacity="0.7"/>
        <stop offset="0.5" stop-color="#808080" stop-opacity="0.2"/>
        <stop offset="1" stop-color="#000" stop-opacity="0.6"/>
      </radialGradient>
    </defs>
    <rect width="100%" height="100%" fill="${wall}"/>
    <rect width="100%" height="100%" filter="url(#plaster)" opacity="0.3" style="mix-blend-mode:multiply"/>
    ${garment()}
    <rect width="100%" height="100%" fill="url(#window)" style="mix-blend-mode:soft-light"/>
  </svg>`;
}

async function draw(sample, index) {
  const grey = { raw: { width: WIDTH, height: HEIGHT, channels: 1 } };
  const noise = await sharp(grain(WIDTH, HEIGHT, 9, 100 + index), grey)
    .toColourspace('srgb')
    .png()
    .toBuffer();
  const drawing = await sharp(Buffer.from(scene(sample)))
    .removeAlpha()
    .blur(0.6)
    .png()
    .toBuffer();
  return sharp(drawing)
    .composite([{ input: noise, blend: 'overlay' }])
    .jpeg({ quality: 80, mozjpeg: true })
    .toFile(`${FOLDER}${sample.file}`);
}

await mkdir(FOLDER, { recursive: true });
for (const [index, sample] of SAMPLES.entries()) {
  const { width, height, size } = await draw(sample, index);
  console.log(`${sample.file}: ${width} x ${height}, ${Math.round(size / 1024)} KiB`);
}
await copyFile(`${FOLDER}${EXAMPLE}`, `${EXAMPLES}${EXAMPLE}`);
