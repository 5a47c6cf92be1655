import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findJava, findProgram, MissingSoftware } from './missingSoftware.ts';

/** Files of one run: a certificate authority and what it signed for a server on 127.0.0.1. */
export interface TlsMaterial {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** PKCS #12 with the authority alone, for a JVM. */
  readonly trustStore: string;
  readonly trustStorePassword: string;
}

/**
 * Makes them by openssl and keytool in a new folder inside the given one.
 * @throws MissingSoftware when one of the two is not on this machine
 */
export async function makeTlsMaterial(folder: string): Promise<TlsMaterial> {
  const { openssl, keytool } = await findTools();
  const own = await mkdtemp(join(folder, 'tls-'));
  await chmod(own, 0o700);
  const at = (name: string) => join(own, name);
  const run = async (command: string, ...args: readonly string[]) => {
    await promisify(execFile)(command, args, { cwd: own });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run(
    openssl,
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '30',
    '-subj',
    '/CN=Run CA',
  );
  await run(openssl, 'req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  await writeFile(at('server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '1', '-days', '30', '-extfile', 'server.ext'];
  await run(openssl, 'x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing);
  const trustStorePassword = randomBytes(12).toString('hex');
  const store = ['-keystore', 'trust.p12', '-storetype', 'PKCS12', '-storepass:file', 'trust.password'];
  await writeFile(at('trust.password'), trustStorePassword, { mode: 0o600 });
  await run(keytool, '-importcert', '-noprompt', '-alias', 'ca', '-file', 'ca.pem', ...store);
  return {
    caFile: at('ca.pem'),
    certFile: at('server.pem'),
    keyFile: at('server.key'),
    trustStore: at('trust.p12'),
    trustStorePassword,
  };
}

/** @throws MissingSoftware */
async function findTools(): Promise<{ readonly openssl: string; readonly keytool: string }> {
  const openssl = await findProgram('openssl');
  const java = await findJava();
  // Beside the java that runs the workers, where that is not the PATH's.
  const beside = 'java' in java ? await findProgram(join(dirname(java.java), 'keytool')) : undefined;
  const keytool = beside ?? (await findProgram('keytool'));
  if (openssl !== undefined && keytool !== undefined) return { openssl, keytool };
  throw new MissingSoftware([
    ...(openssl === undefined
      ? [{ what: 'openssl, to make certificates', debianPackage: 'openssl', homebrewFormula: 'openssl' }]
      : []),
    ...(keytool === undefined
      ? [
          {
            what: 'keytool, which comes with Java',
            debianPackage: 'openjdk-17-jre-headless',
            homebrewFormula: 'openjdk@17',
          },
        ]
      : []),
  ]);
}
