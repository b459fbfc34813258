/** Text to expression. The parser is our own: errors have to be Prometheus's, at their places, and it costs no time to load. */

import type { Expr } from './ast.js';
import { check } from './parse/check.js';
import { parseTree } from './parse/parser.js';

/** Throws a ParseError; an UnsupportedError, which is one, where Prometheus itself would need a feature flag. */
export const parse = (text: string): Expr => check(text, parseTree(text));
