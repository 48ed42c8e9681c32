const { existsSync } = require('node:fs');
const { join } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

const ROOT = join(__dirname, '../..');

/** What takes longest, the longest first. The list is no promise: a file that is missing in it is only begun later. */
const LONGEST = [
  'test/src/simulation/command.e2e.spec.ts',
  'test/src/outside/outside.e2e.spec.ts',
  'test/src/simulation/mutants.e2e.spec.ts',
  'test/src/e2e/embedded-kills.e2e.spec.ts',
  'test/fashion/reserve-look.spec.ts',
  'apps/cli/src/aura.e2e.spec.ts',
  'test/src/simulation/simulation.spec.ts',
  'apps/cli/src/up.e2e.spec.ts',
  'test/src/faults/faults.e2e.spec.ts',
  'libs/testing/src/kit/rehearse-sub-sagas.spec.ts',
  'test/src/e2e/embedded-transactions.e2e.spec.ts',
  'apps/image-processing/src/actions/photographs.spec.ts',
  'test/src/branches/transaction.spec.ts',
  'libs/embedded/src/store/kill.e2e.spec.ts',
  'libs/testing/src/kit/rehearse-waits.spec.ts',
  'libs/embedded/src/bus/back-pressure.spec.ts',
  'test/src/load/consistency.e2e.spec.ts',
  'test/src/saga/partitions.spec.ts',
  'test/src/rerun/rehearsed.spec.ts',
].map((name) => join(ROOT, name));

/**
 * Begins with what takes longest, so that no worker is idle while another has a long file left. Jest does so by itself once it
 * knows how long each file took; before, as on a fresh machine, it goes by their sizes, which tell little here. Errors: a file of the
 * list that is not there.
 */
module.exports = class LongestFirst extends Sequencer {
  constructor(...options) {
    super(...options);
    const gone = LONGEST.filter((path) => !existsSync(path));
    if (gone.length > 0) throw new Error(`${__filename} lists what is not there: ${gone.join(', ')}`);
  }

  async sort(tests) {
    const rank = ({ path }) => (LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length);
    return [...(await super.sort(tests))].sort((one, other) => rank(one) - rank(other));
  }
};
