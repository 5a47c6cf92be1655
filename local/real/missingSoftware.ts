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
        'In a container, with none of this on the machine: see "See it on real Kafka Connect" in the README.',
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
  const folders = [...pathFolders(), ...SERVER_FOLDERS];
  for (const name of names) {
    if (isAbsolute(name) && (await isExecutable(name))) return name;
    for (const folder of folders) {
      const path = join(folder, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

function pathFolders(): readonly string[] {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
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

/** Homebrew's are not linked into the PATH. */
const HOMEBREW_JAVA = ['/opt/homebrew', '/usr/local'].flatMap((root) => [
  `${root}/opt/openjdk@17/bin`,
  `${root}/opt/openjdk/bin`,
]);

/** The first Java that is recent enough, of JAVA_HOME, the PATH and those folders; otherwise what is missing. */
export async function findJava(
  alsoIn: readonly string[] = HOMEBREW_JAVA,
): Promise<{ readonly java: string } | { readonly missing: Missing }> {
  const home = process.env['JAVA_HOME'];
  const places = [
    ...(home === undefined || home === '' ? [] : [join(home, 'bin', 'java')]),
    ...pathFolders().map((folder) => join(folder, 'java')),
    ...alsoIn.map((folder) => join(folder, 'java')),
  ];
  const found: string[] = [];
  for (const java of new Set(places)) {
    if (!(await isExecutable(java))) continue;
    const version = await javaVersion(java);
    if (version !== undefined && javaMajor(version) >= LEAST_JAVA) return { java };
    // macOS has a /usr/bin/java that only says where to get one.
    found.push(version === undefined ? `${java} does not run` : `${version} at ${java}`);
  }
  return {
    missing: {
      what: `Java ${LEAST_JAVA} or later (${found.length === 0 ? 'none was found' : `found: ${found.join(', ')}`})`,
      debianPackage: 'openjdk-17-jre-headless',
      homebrewFormula: 'openjdk@17',
    },
  };
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
