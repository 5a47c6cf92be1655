/** The two protocol versions that are compared, as MariaDB names them in `Ssl_version`. */
export const tlsVersions = ['TLSv1.3', 'TLSv1.2'] as const;

export type TlsVersion = (typeof tlsVersions)[number];

/** One of something for each version. */
export type PerVersion<Value> = Readonly<Record<TlsVersion, Value>>;

export function perVersion<Value>(make: (version: TlsVersion) => Value): PerVersion<Value> {
  return { 'TLSv1.3': make('TLSv1.3'), 'TLSv1.2': make('TLSv1.2') };
}

/** As people write it: `TLS 1.3`. */
export function spoken(version: TlsVersion): string {
  return version.replace('v', ' ');
}

/** The connector's name, its database user and the prefix of its topics. */
export function nameOf(version: TlsVersion): string {
  return version === 'TLSv1.3' ? 'tls13' : 'tls12';
}

/** The version of the connector of that name. */
export function versionOf(name: string): TlsVersion {
  return name === nameOf('TLSv1.3') ? 'TLSv1.3' : 'TLSv1.2';
}
