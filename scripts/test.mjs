// npm test: the embedded suites, then the suites against servers where there are some. Arguments go to jest.
import { embeddedSuite, forgetResults, serversSuite } from './checks/suites.mjs';
import { printSums } from './test-sums.mjs';

const given = process.argv.slice(2);
const args = given.length === 0 ? [] : [...given, '--passWithNoTests']; // a pattern may match in one suite only

forgetResults();
const embedded = await embeddedSuite({ coverage: false, args });
const servers = await serversSuite({ coverage: false, args });
const counted = printSums();
process.exitCode = embedded && servers && counted ? 0 : 1;
