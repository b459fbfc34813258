/** What an alert's severity label means for an exit code. */

import type { AlertFound } from '../../core/alert.js';
import { UserError } from '../../exit.js';

export type Meaning = AlertFound['state'];

/** Words that people use; whatever else stands there, and where nothing does, is a warning. */
const KNOWN: readonly (readonly [word: string, meaning: Meaning])[] = [
  ['critical', 'critical'],
  ['page', 'critical'],
  ['error', 'critical'],
  ['info', 'ok'],
];

const MEANINGS: Readonly<Record<string, Meaning>> = {
  '0': 'ok',
  '1': 'warning',
  '2': 'critical',
  ok: 'ok',
  info: 'ok',
  warning: 'warning',
  critical: 'critical',
};

export type Severities = ReadonlyMap<string, Meaning>;

/** From `page=critical,ticket=1`, on top of what is known. Throws a UserError. */
export const severitiesFrom = (texts: readonly string[]): Severities => {
  const map = new Map(KNOWN);
  for (const pair of texts.flatMap((text) => text.split(',')).filter((text) => text.trim() !== '')) {
    const [, word, meaning] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const state = MEANINGS[meaning?.toLowerCase() ?? ''];
    if (word === undefined || state === undefined)
      throw new UserError(`--severity-map: "${pair}" is no severity and what it means`, {
        kind: 'usage',
        hint: 'For example: page=critical,ticket=warning,notice=ok',
      });
    map.set(word, state);
  }
  return map;
};

export const meaningOf = (severity: string | undefined, severities: Severities): Meaning =>
  severities.get(severity ?? '') ?? severities.get((severity ?? '').toLowerCase()) ?? 'warning';
