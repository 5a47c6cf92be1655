import { blankSecrets } from '../recovery/secrets.ts';

/** Control characters and the marks that turn text around; what comes from outside must not steer a terminal or a log. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text from outside, safe to log and to send: one line, without control characters, at most `most` characters. */
export function cleanText(text: string, most = 300): string {
  const line = text
    .slice(0, most * 4)
    .replace(unprintable, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}

/** As `cleanText`, with the secret values of that configuration blanked out: services repeat what they refuse. */
export function cleanReason(text: string, configuration: Readonly<Record<string, string>> = {}): string {
  return cleanText(blankSecrets(text, configuration), 500);
}
