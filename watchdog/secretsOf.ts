import type { ClusterSettings, WatchdogSettings } from '../settings/watchdogSettings.ts';

/** Where values of environment variables come from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every environment variable that the settings name and that is not set, a line each; a webhook's must hold an address. */
export function missingSecrets(settings: WatchdogSettings, environment: Environment): readonly string[] {
  return [
    ...settings.clusters.flatMap((one) => missingOfCluster(one.name, settings, environment)),
    ...missingOfWebhooks(settings, environment),
  ];
}

/** Those without which a cluster of that name cannot be asked anything. */
export function missingOfCluster(
  cluster: string,
  { clusters }: Pick<WatchdogSettings, 'clusters'>,
  environment: Environment,
): readonly string[] {
  return clusters
    .flatMap((one, index) => (one.name === cluster ? namesIn(one, `clusters[${index}]`) : []))
    .flatMap(({ place, name }) =>
      (environment[name] ?? '') === '' ? [`${place}: the environment variable ${name} is not set`] : [],
    );
}

/** Those without which not everybody can be told. */
export function missingOfWebhooks(
  { tell }: Pick<WatchdogSettings, 'tell'>,
  environment: Environment,
): readonly string[] {
  return tell.webhooks.flatMap(({ urlEnv }, index) => {
    const value = environment[urlEnv] ?? '';
    const place = `tell.webhooks[${index}].urlEnv`;
    if (value === '') return [`${place}: the environment variable ${urlEnv} is not set`];
    // Its value is a secret, wrong or right.
    return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
      ? []
      : [`${place}: the environment variable ${urlEnv} holds no http or https address`];
  });
}

function namesIn({ basic, kafka }: ClusterSettings, place: string): readonly { place: string; name: string }[] {
  return [
    ...(basic === undefined
      ? []
      : [
          { place: `${place}.basic.userEnv`, name: basic.userEnv },
          { place: `${place}.basic.passwordEnv`, name: basic.passwordEnv },
        ]),
    ...(kafka?.sasl === undefined
      ? []
      : [
          { place: `${place}.kafka.sasl.userEnv`, name: kafka.sasl.userEnv },
          { place: `${place}.kafka.sasl.passwordEnv`, name: kafka.sasl.passwordEnv },
        ]),
  ];
}
