/** Words and signs of an expression, and how Prometheus names them in errors. */

import type { Span } from '../ast.js';
import { quote } from '../strings.js';

export type Kind =
  | 'end'
  | 'identifier'
  /** A name with a colon in it, which only a metric can have. */
  | 'metric'
  | 'string'
  | 'number'
  | 'duration'
  | 'aggregator'
  | 'keyword'
  /** `start` and `end`, which are names unless they follow an `@`. */
  | 'preprocessor'
  | 'operator'
  | 'sign';

export interface Token extends Span {
  readonly kind: Kind;
  /** As it is written. */
  readonly text: string;
  /** What it is, whatever its case: a keyword, an operator or a sign; '' of others. */
  readonly what: string;
}

const words = (kind: Kind, all: string): [string, Kind][] => all.split(' ').map((word) => [word, kind]);

/** Words that are more than names, in lower case; they are known in any. */
export const WORDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...words('operator', 'and or unless atan2'),
  ...words('aggregator', 'sum avg count min max group stddev stdvar topk bottomk count_values quantile'),
  ...words('aggregator', 'limitk limit_ratio'),
  ...words('keyword', 'offset by without on ignoring group_left group_right bool'),
  ...words('preprocessor', 'start end'),
  ...words('number', 'inf nan'),
]);

const KINDS: Partial<Record<Kind, string>> = {
  identifier: 'identifier',
  metric: 'metric identifier',
  string: 'string',
  number: 'number',
  duration: 'duration',
};

const quoted = (text: string): string => {
  const characters = [...text];
  return characters.length > 10 ? `${quote(characters.slice(0, 10).join(''))}...` : quote(text);
};

/** As in `unexpected number "5"`. */
export const describe = ({ kind, text }: Token): string => {
  const named = KINDS[kind];
  if (kind === 'end') return 'end of input';
  if (kind === 'identifier' || kind === 'metric') return `${named} ${quote(text)}`;
  if (named !== undefined) return `${named} ${quoted(text)}`;
  if (kind === 'keyword') return `<${text}>`;
  if (kind === 'operator') return `<op:${text}>`;
  if (kind === 'aggregator') return `<aggr:${text}>`;
  return quoted(text);
};
