import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** Something that a real run needs and that this machine does not have. */
export interface Missing {
  /** A sentence: `Java 17 or later (found: 11.0.2)`. */
  readonly what: string;
  readonly debianPackage: string;
  readonly homebrewFormula: string;
}

/** All that is missing at once, with the commands that install it. */
export class MissingSoftware extends Error {
  override readonly name = 'MissingSoftware';
  readonly code = 'MISSING_SOFTWARE';
  readonly missing: readonly Missing[];

  constructor(missing: readonly Missing[]) {
    const names = (key: 'debianPackage' | 'homebrewFormula') =>
      [...new Set(missing.map((each) => each[key]))].join(' ');
    super(
      [
        'A real run needs what is not on this machine:',
        ...missing.map(({ what }) => `  ${what}`),
        `On Debian and Ubuntu: sudo apt-get install --no-install-recommends ${names('debianPackage')}`,
        `On macOS: brew install ${names('homebrewFormula')}`,
        'In a container, with none of this on the machine: see "Real Connect" in the README.',
      ].join('\n'),
    );
    this.missing = missing;
  }
}

/** Where packages put servers, for which the PATH of an ordinary user does not look. */
const SERVER_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/bin',
  '/usr/local/opt/mariadb/bin',
];

/** The path of an executable, looked for in the PATH and then where servers lie; undefined when there is none. */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...SERVER_FOLDERS,
  ];
  for (const name of names) {
    if (isAbsolute(name) && (await isExecutable(name))) return name;
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debezium 2.x and Kafka's broker 3.7 run on 11 too, 17 is what was measured. */
const LEAST_JAVA = 17;

/** Java 17 or later, JAVA_HOME's first; otherwise what is missing. */
export async function findJava(): Promise<{ readonly java: string } | { readonly missing: Missing }> {
  const home = process.env['JAVA_HOME'];
  const inHome = home === undefined || home === '' ? undefined : join(home, 'bin', 'java');
  const java = inHome !== undefined && (await isExecutable(inHome)) ? inHome : await findProgram('java');
  const missing = (found: string) => ({
    missing: {
      what: `Java ${LEAST_JAVA} or later (${found})`,
      debianPackage: 'openjdk-17-jre-headless',
      homebrewFormula: 'openjdk@17',
    },
  });
  if (java === undefined) return missing('none was found');
  const version = await javaVersion(java);
  // macOS has a /usr/bin/java that only says where to get one.
  if (version === undefined) return missing(`${java} does not run`);
  return javaMajor(version) >= LEAST_JAVA ? { java } : missing(`found: ${version} at ${java}`);
}

async function javaVersion(java: string): Promise<string | undefined> {
  try {
    const { stderr, stdout } = await promisify(execFile)(java, ['-version']);
    return /version "([^"]+)"/.exec(stderr + stdout)?.[1];
  } catch {
    return undefined;
  }
}

/** 8 of `1.8.0_392`, 17 of `17.0.15`, 25 of `25-ea`. */
export function javaMajor(version: string): number {
  const [first = 0, second = 0] = version.split(/[.\-_+]/).map(Number);
  return first === 1 ? second : first;
}
