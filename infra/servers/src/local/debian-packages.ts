import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { ServersError } from '../errors';
import type { Say } from '../server';
import { findProgram } from './find-program';
import { runVisibly } from './run-visibly';

const POLICY = '/usr/sbin/policy-rc.d';

let previous: Promise<void> = Promise.resolve();

/**
 * Installs a Debian package without starting its service. Only root on a Debian can; else it throws what to do. Calls wait for
 * each other, because apt-get takes one at a time.
 */
export function installDebianPackage(name: string, say: Say): Promise<void> {
  const mine = previous.then(() => install(name, say));
  previous = mine.catch(() => undefined); // who comes next reports failures of its own
  return mine;
}

async function install(name: string, say: Say): Promise<void> {
  const apt = findProgram('apt-get');
  if (apt === undefined || process.getuid?.() !== 0) {
    throw new ServersError(
      `${name} is not installed, and only root on a Debian system can install it from here.`,
      `Install ${name}, start a Docker daemon, or name a server by its URL in the environment.`,
    );
  }
  say(`installing the Debian package ${name}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const waiting = ['-o', 'DPkg::Lock::Timeout=300', '-qq'];
  await runVisibly(apt, [...waiting, 'update'], env);
  await withoutServiceStart(() =>
    runVisibly(apt, [...waiting, 'install', '-y', '--no-install-recommends', name], env),
  );
}

/** Debian asks this file whether a freshly installed service may start; 101 is no. */
async function withoutServiceStart(work: () => Promise<void>): Promise<void> {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}
