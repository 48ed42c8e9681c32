import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writePlantedTree } from './planted-tree';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** One violation of each rule: the rule, the file that breaks it, what that file says. */
const violations: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['contracts-looks-down', 'contracts/src/a.ts', "import '@aura/kernel';"],
  ['kernel-looks-down', 'libs/kernel/src/a.ts', "import '@aura/messaging';"],
  ['messaging-looks-down', 'libs/messaging/src/a.ts', "import type { here } from '@aura/workflow';"],
  ['workflow-looks-down', 'libs/workflow/src/a.ts', "import '@aura/saga';"],
  ['saga-looks-down', 'libs/saga/src/a.ts', "import '@aura/embedded';"],
  ['adapters-know-the-core-alone', 'libs/mongo/src/a.ts', "import '@aura/redis';"],
  ['adapters-know-the-core-alone', 'libs/amqp/src/b.spec.ts', "import '@aura/embedded';"],
  ['adapters-know-the-core-alone', 'libs/socket/src/a.ts', "import '@aura/embedded';"],
  ['nest-knows-core-and-adapters', 'libs/nest/src/a.ts', "import '@aura/client';"],
  ['testing-knows-the-core-alone', 'libs/testing/src/a.ts', "import '@aura/embedded';"],
  ['testing-is-for-tests', 'libs/nest/src/g.ts', "import '@aura/testing';"],
  ['client-imports-contracts-only', 'libs/client/src/a.ts', "import '@aura/kernel';"],
  ['colour-stands-alone', 'libs/colour/src/a.ts', "import '@aura/contracts';"],
  ['garment-knows-colour-and-contracts', 'libs/garment/src/a.ts', "import '@aura/workflow';"],
  ['vocabularies-are-for-services', 'libs/nest/src/b.ts', "import '@aura/colour';"],
  ['vocabularies-are-for-services', 'libs/saga/src/g.ts', "import '@aura/garment';"],
  ['services-never-meet', 'apps/nlu/src/a.ts', "import '@aura/coordinator';"],
  ['host-alone-composes', 'libs/nest/src/c.ts', "import '@aura/nlu';"],
  ['cli-imports-client-and-host', 'apps/cli/src/a.ts', "import '@aura/kernel';"],
  ['cli-loads-host-lazily', 'apps/cli/src/b.ts', "import '@aura/host';"],
  ['dashboard-imports-client-only', 'apps/dashboard/src/a.ts', "import '@aura/contracts';"],
  ['host-is-for-cli-and-tests', 'apps/coordinator/src/a.ts', "import '@aura/host';"],
  [
    'core-imports-no-node',
    'libs/saga/src/b.ts',
    "import { join } from 'node:path';\nexport const x = join('a');",
  ],
  ['nestjs-in-nest-and-apps-only', 'libs/embedded/src/a.ts', "import '@nestjs/common';"],
  ['amqp-alone-has-its-driver', 'libs/nest/src/d.ts', "import 'amqplib';"],
  ['mongo-alone-has-its-driver', 'apps/coordinator/src/b.ts', "import 'mongodb';"],
  ['redis-alone-has-its-driver', 'libs/messaging/src/b.ts', "import 'ioredis';"],
  ['embedded-alone-has-its-driver', 'apps/host/src/a.ts', "import '@photostructure/sqlite';"],
  ['telemetry-alone-has-its-driver', 'libs/saga/src/f.ts', "import 'pino';"],
  ['adapters-know-the-core-alone', 'libs/telemetry/src/a.ts', "import '@aura/amqp';"],
  ['socket-alone-has-its-driver', 'libs/nest/src/f.ts', "import 'ws';"],
  ['telemetry-alone-sets-up', 'libs/nest/src/e.ts', "import '@opentelemetry/sdk-node';"],
  ['no-cycle', 'libs/saga/src/c.ts', "import { d } from './d';\nexport type C = ReturnType<typeof d>;"],
  ['test-code-stays-in-tests', 'libs/workflow/src/b.ts', "import '@aura/kernel/testing';"],
  ['servers-are-for-tests', 'libs/amqp/src/c.ts', "import '@aura/servers';"],
  ['projects-by-their-names', 'libs/saga/src/e.ts', "import '../../kernel/src/index';"],
  ['imports-resolve', 'libs/redis/src/a.ts', "import './nowhere';"],
  ['dependencies-are-declared', 'libs/redis/src/b.ts', "import 'undeclared';"],
];

/** What the rules must let through. */
const allowed: Readonly<Record<string, string>> = {
  'libs/saga/src/d.ts': "import type { C } from './c';\nexport const d = (c: C): C => c;", // the other half of the cycle
  'libs/kernel/src/ok.ts': "import '@aura/contracts';\nimport '@opentelemetry/api';",
  'libs/saga/src/ok.ts':
    "import '@aura/contracts';\nimport '@aura/kernel';\nimport '@aura/messaging';\nimport '@aura/workflow';",
  'libs/workflow/src/ok.spec.ts':
    "import '@aura/embedded';\nimport 'node:fs';\nimport '@aura/kernel/testing';",
  'libs/kernel/src/testing/ok.ts': "import 'node:fs';",
  'libs/amqp/src/ok.ts': "import 'amqplib';\nimport 'node:fs';\nimport '@aura/messaging';",
  'libs/amqp/src/ok.int.spec.ts': "import '@aura/servers';\nimport '@aura/messaging/testing';",
  'libs/telemetry/src/ok.ts': "import 'pino';\nimport '@opentelemetry/sdk-node';\nimport '@aura/kernel';",
  'libs/nest/src/ok.ts': "import '@nestjs/common';\nimport '@aura/mongo';\nimport '@aura/telemetry';",
  'libs/testing/src/ok.ts': "import '@aura/saga';\nimport '@aura/kernel/testing';",
  'libs/garment/src/ok.ts': "import '@aura/colour';\nimport '@aura/contracts';",
  'apps/nlu/src/ok.spec.ts': "import '@aura/testing';",
  'apps/nlu/src/ok.ts':
    "import '@aura/colour';\nimport '@aura/garment';\nimport '@aura/workflow';\nimport '@nestjs/common';",
  'apps/host/src/ok.ts': "import '@aura/nlu';\nimport '@aura/coordinator';",
  'apps/cli/src/ok.ts': "import '@aura/client';\nexport const host = () => import('@aura/host');",
  'apps/dashboard/src/ok.ts': "import '@aura/client';",
};

const ROOT = resolve(__dirname, '../../..');

function cruise(folder: string): readonly Violation[] {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const args = [program, '--config', config, '--output-type', 'json', 'contracts', 'libs', 'apps', 'infra'];
  const output = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  return (JSON.parse(output) as { readonly summary: { readonly violations: readonly Violation[] } }).summary
    .violations;
}

describe('the direction of imports', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aura-boundaries-')));
  let found: readonly Violation[] = [];

  beforeAll(() => {
    writePlantedTree(folder, {
      ...Object.fromEntries(violations.map(([, file, text]) => [file, text])),
      ...allowed,
    });
    found = cruise(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(violations)('%s refuses %s', (rule, file) => {
    expect(
      found.filter((violation) => violation.from === file).map((violation) => violation.rule.name),
    ).toContain(rule);
  });

  it('lets what is allowed through', () => {
    const planted = new Set([...violations.map(([, file]) => file), 'libs/saga/src/d.ts']);
    expect(found.filter((violation) => !planted.has(violation.from))).toEqual([]);
  });

  it('has a planted violation for every rule', () => {
    const config = jest.requireActual<{ readonly forbidden: readonly { readonly name: string }[] }>(
      '../../../.dependency-cruiser.cjs',
    );
    expect(new Set(config.forbidden.map((rule) => rule.name))).toEqual(
      new Set(violations.map(([rule]) => rule)),
    );
  });
});
