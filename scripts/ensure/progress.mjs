/**
 * Says on stderr what goes on: a begin, a moving note where there is a terminal, an end with the seconds it took.
 * @param {string} what
 */
export function progress(what) {
  const since = performance.now();
  const terminal = process.stderr.isTTY === true;
  const seconds = () => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const rewrite = (text) => process.stderr.write(`\r\u001b[2K${text}`);
  console.error(`${what} …`);
  return {
    note: (text) =>
      void (terminal && rewrite(`  ${seconds()}  ${text}`.slice(0, process.stderr.columns - 1))),
    done: (text) => {
      if (terminal) rewrite('');
      console.error(`${text} in ${seconds()}.`);
    },
  };
}
