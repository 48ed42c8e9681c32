import { cloth, fan } from './cloth.mjs';

const HANGER = `
  <g fill="none" stroke-linecap="round">
    <path d="M400 176 L400 118 C400 92 434 92 434 114" stroke="#8d8f93" stroke-width="6"/>
    <path d="M296 214 Q400 128 504 214" stroke="#8a5c36" stroke-width="17"/>
    <path d="M300 209 Q400 126 500 209" stroke="#c08b5a" stroke-width="4" opacity="0.8"/>
  </g>`;

const DRESS = `M330 176 C336 214 352 252 400 300 C448 252 464 214 470 176 L506 174 C512 220 530 256 550 282
  C536 336 500 384 492 438 C524 566 606 742 648 880 C606 908 566 890 522 908 C474 926 442 902 400 914
  C352 926 318 896 276 910 C236 918 196 900 152 880 C196 742 276 566 308 438 C300 384 264 336 250 282
  C270 256 288 220 294 174 Z`;

/** A green summer dress with blossoms, on a hanger. */
export function greenSummerDress() {
  const sash =
    '<path d="M298 424 Q400 452 502 424 L500 452 Q400 480 300 452 Z" fill="#1d5c30" opacity="0.85"/>';
  return (
    HANGER +
    cloth('dress', {
      outline: DRESS,
      colour: '#35904a',
      weave: 'blossoms',
      folds: [
        ...fan([312, 488, 452], [170, 630, 912], 13, 5),
        ...fan([300, 500, 300], [322, 478, 440], 6, 9),
      ],
      details: sash,
    })
  );
}

const TROUSERS = `M286 560 L514 560 C528 690 530 830 526 962 L424 962 C420 860 412 760 402 700
  C390 760 380 860 376 962 L274 962 C270 830 272 690 286 560 Z`;

const SLEEVE_LEFT = `M282 214 C236 236 216 300 206 390 C198 470 196 540 198 600 L250 606 C260 520 272 430 292 350 Z`;
const SLEEVE_RIGHT = `M518 214 C564 236 584 300 594 390 C602 470 604 540 602 600 L550 606 C540 520 528 430 508 350 Z`;

const JACKET = `M342 184 C310 196 290 206 276 220 C268 330 272 470 258 640 C310 662 360 664 404 652
  C450 664 496 660 542 640 C528 470 532 330 524 220 C510 206 490 196 458 184 L400 420 Z`;

const SHIRT = 'M336 180 L400 156 L464 180 L446 320 L402 440 L354 320 Z';

const SHIRT_DETAILS = `
  <path d="M336 180 L398 226 L366 252 Z" fill="#fff" stroke="#b9bcc2" stroke-width="2"/>
  <path d="M464 180 L402 226 L434 252 Z" fill="#fff" stroke="#b9bcc2" stroke-width="2"/>
  <path d="M388 222 L412 222 L408 250 L420 388 L400 424 L380 388 L392 250 Z" fill="#7a1f33"/>
  <path d="M392 250 L408 250 L411 262 L389 262 Z" fill="#4c0f1d"/>`;

const LAPELS = `
  <path d="M342 184 L300 250 L330 268 L318 292 L400 424 Z" fill="#26355c" stroke="#0f1730" stroke-width="3"/>
  <path d="M458 184 L500 250 L470 268 L482 292 L400 424 Z" fill="#22305480" stroke="#0f1730" stroke-width="3"/>
  <path d="M400 424 L403 652" stroke="#0d142a" stroke-width="4" fill="none"/>
  <path d="M290 530 L352 524 M448 524 L510 530" stroke="#0d142a" stroke-width="7" fill="none"/>
  <path d="M448 330 L492 322 L496 346 L452 352 Z" fill="#e9eaee"/>
  <g fill="#0c1225" stroke="#47567f" stroke-width="2"><circle cx="394" cy="470" r="7"/><circle cx="396" cy="536" r="7"/></g>`;

const NAVY = '#1f2b4b';
const PRESSED =
  '<path d="M330 570 L322 962 M470 570 L478 962" stroke="#3a4a78" stroke-width="3" opacity="0.8"/>';

/** A navy suit with a white shirt and a burgundy tie. */
export function navySuit() {
  return [
    HANGER,
    cloth('trousers', {
      outline: TROUSERS,
      colour: '#1c2744',
      weave: 'fine',
      folds: fan([290, 510, 640], [274, 526, 962], 8, 21),
      details: PRESSED,
    }),
    cloth('left', {
      outline: SLEEVE_LEFT,
      colour: NAVY,
      weave: 'fine',
      folds: fan([230, 280, 300], [200, 250, 600], 4, 22),
    }),
    cloth('right', {
      outline: SLEEVE_RIGHT,
      colour: NAVY,
      weave: 'fine',
      folds: fan([520, 570, 300], [550, 600, 600], 4, 23),
    }),
    cloth('shirt', {
      outline: SHIRT,
      colour: '#f2f3f5',
      weave: 'fine',
      creases: 0.2,
      details: SHIRT_DETAILS,
    }),
    cloth('jacket', {
      outline: JACKET,
      colour: NAVY,
      weave: 'fine',
      folds: fan([280, 520, 420], [262, 538, 655], 8, 24),
      details: LAPELS,
    }),
  ].join('');
}

const JEANS = `M276 548 L524 548 C540 680 548 830 546 966 L428 966 C424 860 414 770 402 716
  C388 770 378 860 374 966 L254 966 C252 830 260 680 276 548 Z`;

const JEANS_DETAILS = `
  <g fill="none" stroke="#c98a3c" stroke-width="2.5" stroke-dasharray="8 4">
    <path d="M286 590 C300 640 330 650 350 640 M514 590 C500 640 470 650 450 640"/>
    <path d="M402 560 L402 716 M268 640 L262 960 M532 640 L538 960"/>
  </g>
  <g fill="#dfe8f2" opacity="0.28" filter="url(#soft)"><ellipse cx="324" cy="760" rx="32" ry="120"/><ellipse cx="478" cy="760" rx="32" ry="120"/></g>`;

const JUMPER = `M336 182 C306 194 284 204 270 222 C262 330 268 470 266 596 C350 614 450 614 534 596
  C532 470 538 330 530 222 C516 204 494 194 464 182 C448 208 352 208 336 182 Z`;

const KNIT_LEFT = `M276 214 C226 240 204 310 194 400 C186 470 180 530 178 588 L240 598 C252 520 268 430 290 360 Z`;
const KNIT_RIGHT = `M524 214 C574 240 596 310 606 400 C614 470 620 530 622 588 L560 598 C548 520 532 430 510 360 Z`;

const RIBS = `
  <g stroke="#000" opacity="0.25" stroke-width="4">${Array.from({ length: 24 }, (_, i) => `<path d="M${272 + i * 11} 566 L${271 + i * 11} 612"/>`).join('')}</g>
  <path d="M336 182 C352 208 448 208 464 182 L474 190 C456 232 344 232 326 190 Z" fill="#7f351a" stroke="#5c2410" stroke-width="3"/>
  <g fill="none" stroke="#000" stroke-width="5" opacity="0.25">${[330, 400, 470].map((x) => `<path d="${cable(x)}"/>`).join('')}</g>`;

function cable(x) {
  const turns = Array.from({ length: 8 }, (_, i) => `q ${i % 2 === 0 ? 22 : -22} 22 0 44`).join(' ');
  return `M${x} 232 ${turns}`;
}

/** A rust cable knit with blue jeans. */
export function autumnKnit() {
  const rust = '#a8502c';
  return [
    HANGER,
    cloth('jeans', {
      outline: JEANS,
      colour: '#3f5f8a',
      weave: 'twill',
      folds: fan([282, 518, 640], [256, 544, 966], 9, 31),
      details: JEANS_DETAILS,
    }),
    cloth('left', {
      outline: KNIT_LEFT,
      colour: rust,
      weave: 'knit',
      folds: fan([220, 276, 300], [182, 240, 590], 4, 32),
    }),
    cloth('right', {
      outline: KNIT_RIGHT,
      colour: rust,
      weave: 'knit',
      folds: fan([524, 580, 300], [560, 618, 590], 4, 33),
    }),
    cloth('jumper', {
      outline: JUMPER,
      colour: rust,
      weave: 'knit',
      folds: fan([274, 526, 330], [266, 534, 600], 8, 34),
      details: RIBS,
    }),
  ].join('');
}
