const WORDS = `
  a an the this that these those some any something anything somebody someone everything thing things stuff
  one ones i im ive id we me my mine our us you your she he her his him they them their it its mum mom am is
  are was were be been being has have had do does did can could may might must shall should will would lets
  like likes love loves loving look looks looking find show give get got suggest recommend recommendation
  help make wear wears wearing worn up go going think thinking hope know buy try see feel feels goes please
  thanks thank hello hi hey dear really very quite too so much more most rather also maybe perhaps well of
  at on by from as than then if when where which who whose what how about into over under around during
  while because there here now today tomorrow tonight soon next week month year time day days night morning
  afternoon good nice great lovely beautiful pretty perfect fine suitable right best better favourite
  favorite outfit outfits clothes clothing garment garments piece pieces combination combinations wardrobe
  style styles colour colours color colors coloured colored tone tones shade shades material fabric made
  kind type sort all both each every either else other another such own same few lot lots bit little new
  only matching match matches suits fit fits idea ideas wish wishes event occasion season weather budget
  price euro euros wants wanted needs needed wishing
`;

/** Words that say nothing about clothes by themselves: a query that has them in it is understood none the less. */
export const FILLERS: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));

/** Words that bring up a colour or a material behind its garment: `shoes of black leather`. */
export const LINKS: ReadonlySet<string> = new Set([
  'in',
  'of',
  'from',
  'made of',
  'made from',
  'made out of',
]);
