// Runs before everything that people start: the right Node, what is locked installed, what changed built.
// Old Nodes read this file too, so it keeps to syntax that they know; the rest is in scripts/ensure/.
const version = process.versions.node.split('.').map(Number);
const tooOld = version[0] < 20 || (version[0] === 20 && version[1] < 19);

if (tooOld || version[0] >= 25) {
  console.error(
    'Aura needs Node 20.19 or newer and older than 25; this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ').',
  );
  process.exit(1);
}

import('./ensure/ensure.mjs')
  .then(function (module) {
    return module.ensure();
  })
  .catch(function (error) {
    console.error(error.message);
    process.exit(1);
  });
