import type { GarmentCategory } from '@aura/contracts';

/** How people speak of the pieces of a category. */
export interface GarmentWords {
  /** What a category is called in a sentence: `It has no trousers or skirt`. */
  readonly spoken: string;
  /** Words that mean any piece of the category. */
  readonly words: readonly string[];
  /** Kinds within the category, each with the words that mean it. The name of a kind is how it is spoken of. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}

function kinds(words: Readonly<Record<string, string>>): GarmentWords['kinds'] {
  return Object.fromEntries(Object.entries(words).map(([kind, phrases]) => [kind, phrases.split(', ')]));
}

/**
 * What garments are called, by category: in the singular where there is one, in lower case, phrases of at most three
 * words. A piece may be of several kinds: jeans are trousers, too.
 */
export const GARMENTS: Readonly<Record<GarmentCategory, GarmentWords>> = {
  top: {
    spoken: 'top',
    words: ['top'],
    kinds: kinds({
      shirt: 'shirt',
      tee: 't shirt, tshirt, tee',
      blouse: 'blouse',
      sweater: 'sweater, jumper, pullover, knit, knitwear',
      turtleneck: 'turtleneck, polo neck',
      sweatshirt: 'sweatshirt, hoodie',
      polo: 'polo, polo shirt',
      camisole: 'camisole',
    }),
  },
  bottom: {
    spoken: 'trousers or skirt',
    words: ['bottom'],
    kinds: kinds({
      trousers: 'trousers, pants, slacks',
      'suit trousers': 'suit trousers',
      jeans: 'jeans',
      chinos: 'chinos',
      shorts: 'shorts',
      skirt: 'skirt',
      leggings: 'leggings, tights',
    }),
  },
  dress: {
    spoken: 'dress',
    words: ['dress'],
    kinds: kinds({
      gown: 'gown, evening gown',
      jumpsuit: 'jumpsuit',
      'summer dress': 'summer dress, sundress',
      'slip dress': 'slip dress',
      'maxi dress': 'maxi dress',
      'midi dress': 'midi dress',
      'shirt dress': 'shirt dress',
      'sheath dress': 'sheath dress',
      'wrap dress': 'wrap dress',
    }),
  },
  outerwear: {
    spoken: 'jacket or coat',
    words: ['outerwear'],
    kinds: kinds({
      coat: 'coat',
      jacket: 'jacket',
      blazer: 'blazer',
      'trench coat': 'trench, trench coat',
      raincoat: 'raincoat',
      parka: 'parka',
      cardigan: 'cardigan',
    }),
  },
  shoes: {
    spoken: 'shoes',
    words: ['shoe', 'footwear'],
    kinds: kinds({
      sneakers: 'sneaker, trainer',
      'running shoes': 'running shoe',
      boots: 'boot',
      'ankle boots': 'ankle boot',
      heels: 'heel, high heel',
      pumps: 'pumps',
      sandals: 'sandal',
      loafers: 'loafer',
      flats: 'flats, ballet flats, ballerina',
      derbies: 'derby, derby shoe',
    }),
  },
  bag: {
    spoken: 'bag',
    words: ['bag'],
    kinds: kinds({
      handbag: 'handbag',
      tote: 'tote, tote bag',
      clutch: 'clutch',
      backpack: 'backpack',
      purse: 'purse',
      'crossbody bag': 'crossbody bag',
    }),
  },
  accessory: {
    spoken: 'accessory',
    words: ['accessory'],
    kinds: kinds({
      scarf: 'scarf, scarves',
      belt: 'belt',
      hat: 'hat, beanie',
      jewellery: 'jewellery, jewelry',
      earrings: 'earring',
      necklace: 'necklace',
      sunglasses: 'sunglasses',
      watch: 'watch',
    }),
  },
};

/** What garments are made of, each with the words that mean it. */
export const MATERIALS: Readonly<Record<string, readonly string[]>> = kinds({
  leather: 'leather',
  suede: 'suede',
  fur: 'fur',
  wool: 'wool, woollen, woolen, merino, flannel',
  cashmere: 'cashmere',
  cotton: 'cotton',
  linen: 'linen',
  silk: 'silk',
  satin: 'satin',
  velvet: 'velvet',
  denim: 'denim',
  tulle: 'tulle',
  viscose: 'viscose, rayon, crepe',
  polyester: 'polyester, synthetic, nylon',
  straw: 'straw',
  pearl: 'pearl',
});
