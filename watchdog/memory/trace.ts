import { blankSecrets } from '../../recovery/secrets.ts';

/** More than the frames of any exception and its causes that a person reads. */
const most = 8000;

/** Control characters and the marks that turn text around, but for the line breaks of a stack trace. */
const unprintable = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A task's trace, safe to log and to send: the configuration's secrets and whatever has the form of one blanked out, and of bounded length. */
export function cleanTrace(trace: string, configuration: Readonly<Record<string, string>>): string {
  // Cut first, for an exception may repeat a record of megabytes; a secret that the cut would halve is blanked as well, for twice as much is looked at.
  return blankSecrets(trace.slice(0, 2 * most).replaceAll(unprintable, ' '), configuration).slice(0, most);
}
