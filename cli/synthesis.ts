import { parseArgs } from 'node:util';

/** The two apps of this project, by the name under which each takes its file. */
const apps = {
  connectors: [],
  // Within the folder of the first, which `cdk deploy` writes anew by itself.
  selfManaged: ['--app', 'node infra/selfManagedApp.ts', '--output', 'cdk.out/self-managed'],
} as const;

type Named = keyof typeof apps;

const usage = 'npm run synth takes -c connectors=FILE and -c selfManaged=FILE, and nothing else';

/** What `npm run synth` runs: the arguments of `cdk`, one list an app, and the files that somebody named. */
export interface Synthesis {
  readonly runs: readonly (readonly string[])[];
  readonly files: readonly string[];
}

/**
 * @param args what follows `npm run synth --`
 * @throws Error for what neither app would read: it would be ignored without a word
 */
export function synthesisOf(args: readonly string[]): Synthesis {
  const files = filesOf(args);
  return {
    runs: (Object.keys(apps) as Named[]).map((name) => {
      const file = files.get(name);
      return ['synth', '--quiet', ...apps[name], ...(file === undefined ? [] : ['-c', `${name}=${file}`])];
    }),
    files: [...files.values()],
  };
}

function filesOf(args: readonly string[]): ReadonlyMap<Named, string> {
  const files = new Map<Named, string>();
  for (const entry of contextOf(args)) {
    const [name = '', ...rest] = entry.split('=');
    const file = rest.join('=');
    if (!isNamed(name) || file === '' || files.has(name)) throw new Error(`${usage}; it was given -c ${entry}.`);
    files.set(name, file);
  }
  return files;
}

function contextOf(args: readonly string[]): readonly string[] {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { context: { type: 'string', short: 'c', multiple: true, default: [] } },
    });
    return values.context;
  } catch {
    throw new Error(`${usage}; it was given ${args.join(' ')}. For more: npx cdk synth.`);
  }
}

function isNamed(name: string): name is Named {
  return Object.hasOwn(apps, name);
}
