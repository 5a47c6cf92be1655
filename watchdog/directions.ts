import type { Directions } from '../recovery/ports.ts';
import { isThisHost } from '../settings/thisHost.ts';
import type { ClusterSettings } from '../settings/watchdogSettings.ts';

/**
 * The port Directions: the connector's place, in the REST interface where nothing else is named, and commands to paste into a shell where the watchdog runs.
 * @param command how the watchdog is called, such as `node watchdog.mjs`
 */
export function watchdogDirections(
  clusters: readonly Pick<ClusterSettings, 'name' | 'urls' | 'link'>[],
  command: string,
  settingsFile: string,
): Directions {
  return {
    nothingIsDeleted: true,
    links(connector) {
      const slash = connector.indexOf('/');
      const cluster = clusters.find(({ name }) => name === connector.slice(0, slash));
      if (cluster === undefined) return [];
      // One that leads to this host, as a sidecar's, is of no use where the message is read.
      const place = cluster.link ?? cluster.urls.find((url) => !isThisHost(url));
      if (place === undefined) return [];
      const name = encodeURIComponent(connector.slice(slash + 1));
      return [
        `Connector: ${place.includes('{connector}') ? place.replaceAll('{connector}', name) : `${place}/connectors/${name}/status`}`,
      ];
    },
    command: (input) => `${command} order --settings ${quoted(settingsFile)} ${quoted(JSON.stringify(input))}`,
    // A configuration is its owner's here, and never stored.
    captureCommand: () => `${command} check --settings ${quoted(settingsFile)}`,
  };
}

/** As a POSIX shell takes it; what needs no quotes gets none. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
