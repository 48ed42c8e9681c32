import { seeded } from './seeded.mjs';

/**
 * One piece of cloth as SVG: its outline filled, with a shadow on the wall, a weave, creases, folds and darker edges.
 * `folds` are wedges `{from: [x, y], to: [x, y], width, light}`: `light` brightens, otherwise it darkens.
 */
export function cloth(id, { outline, colour, folds = [], weave = 'none', creases = 0.35, details = '' }) {
  return `
    <clipPath id="${id}"><path d="${outline}"/></clipPath>
    <path d="${outline}" fill="#1c1712" opacity="0.45" filter="url(#cast)" transform="translate(14 18)"/>
    <path d="${outline}" fill="${colour}"/>
    <g clip-path="url(#${id})">
      ${weave === 'none' ? '' : `<rect width="800" height="1000" fill="url(#${weave})"/>`}
      <rect width="800" height="1000" filter="url(#creases)" opacity="${creases}" style="mix-blend-mode:soft-light"/>
      <g filter="url(#soft)">${folds.map(wedge).join('')}</g>
      <path d="${outline}" fill="none" stroke="#000" stroke-width="26" opacity="0.28" filter="url(#soft)"/>
      ${details}
    </g>`;
}

function wedge({ from: [x, y], to: [toX, toY], width, light = false }) {
  const fill = light ? '#fff' : '#000';
  const opacity = light ? 0.2 : 0.3;
  return `<path d="M${x} ${y} L${toX - width} ${toY} L${toX + width} ${toY} Z" fill="${fill}" opacity="${opacity}"/>`;
}

/** Folds that fan out from one line to another, dark and light in turn. Lines are `[x1, x2, y]`. */
export function fan([left, right, top], [leftEnd, rightEnd, bottom], count, seed) {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const part = (index + 0.3 + random() * 0.4) / count;
    const jitter = (random() - 0.5) * 16;
    return {
      from: [left + (right - left) * part, top + random() * 50],
      to: [leftEnd + (rightEnd - leftEnd) * part + jitter, bottom],
      width: ((rightEnd - leftEnd) / count) * (0.16 + random() * 0.2),
      light: index % 2 === 1,
    };
  });
}

/** Filters and weaves that all drawings share. */
export const CLOTH_DEFINITIONS = `
  <filter id="cast" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="16"/></filter>
  <filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="7"/></filter>
  <filter id="creases" x="0" y="0" width="100%" height="100%">
    <feTurbulence type="fractalNoise" baseFrequency="0.018 0.005" numOctaves="3" seed="11"/>
    <feDiffuseLighting surfaceScale="26" diffuseConstant="1.1" lighting-color="#fff">
      <feDistantLight azimuth="215" elevation="48"/>
    </feDiffuseLighting>
  </filter>
  <pattern id="twill" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(28)">
    <rect width="5" height="2" fill="#fff" opacity="0.09"/><rect y="3" width="5" height="1" fill="#000" opacity="0.12"/>
  </pattern>
  <pattern id="knit" width="14" height="12" patternUnits="userSpaceOnUse">
    <path d="M0 1 L7 9 L14 1" fill="none" stroke="#000" stroke-width="3" opacity="0.22"/>
    <path d="M0 -2 L7 6 L14 -2" fill="none" stroke="#fff" stroke-width="2" opacity="0.13"/>
  </pattern>
  <pattern id="fine" width="3" height="3" patternUnits="userSpaceOnUse">
    <rect width="1.5" height="1.5" fill="#fff" opacity="0.06"/><rect x="1.5" y="1.5" width="1.5" height="1.5" opacity="0.06"/>
  </pattern>
  <pattern id="blossoms" width="62" height="70" patternUnits="userSpaceOnUse" patternTransform="rotate(14)">
    <g fill="#f4efdf" opacity="0.85"><circle cx="14" cy="12" r="4.4"/><circle cx="20" cy="17" r="4.4"/>
    <circle cx="8" cy="18" r="4.4"/><circle cx="46" cy="46" r="3.6"/><circle cx="51" cy="51" r="3.6"/><circle cx="42" cy="52" r="3.6"/></g>
    <circle cx="14" cy="17" r="2.6" fill="#d9a62e"/><circle cx="46.5" cy="50.5" r="2.2" fill="#d9a62e"/>
  </pattern>`;
