// Runs the pure actions of the fashion services, one behind the other, in a process of its own, and prints each output
// as one line of JSON. Started with `--conditions=aura-source`, so that it runs the sources that the spec is about.
// stdin: {picture, query, folder}; the picture is put into a claim check in the folder first.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

const swcrc = JSON.parse(readFileSync(join(__dirname, '../../.swcrc'), 'utf8'));

require.extensions['.ts'] = (module, filename) => {
  const options = { ...swcrc, filename, swcrc: false, sourceMaps: false };
  module._compile(transformSync(readFileSync(filename, 'utf8'), options).code, filename);
};

/** A profile in the picture's colours: the service that makes profiles reads a history, so its action is not run. */
function profileIn(palette) {
  return {
    season: 'autumn',
    undertone: 'warm',
    contrast: 'low',
    colours: palette.map(({ hex, name, share }) => ({ hex, name, weight: share })),
    styles: [{ name: 'natural', weight: 1 }],
    basedOn: { images: 1, queries: 1 },
  };
}

async function main() {
  const { picture, query: text, folder } = JSON.parse(readFileSync(0, 'utf8'));
  const { openEmbedded } = require('@aura/embedded');
  const embedded = await openEmbedded({ path: join(folder, 'aura.db') });
  const run = async (action, input) => {
    if (action.kind !== 'pure') throw new TypeError(`${action.name} is ${action.kind}, not pure`);
    const { output } = await action.run(action.input.parse(input), { claims: embedded.claims });
    process.stdout.write(`${JSON.stringify(output)}\n`);
    return output;
  };
  const image = await embedded.claims.put(readFileSync(picture), 'image/jpeg');
  const { palette } = await run(require('@aura/image-processing').analyseImage, { image });
  const query = await run(require('@aura/nlu').understandQuery, { query: text });
  const profile = profileIn(palette);
  const { outfits } = await run(require('@aura/combination-engine').combineOutfits, { profile, query });
  await run(require('@aura/recommendation-engine').makeRecommendations, { profile, outfits, query });
  await embedded.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
