/** Lines as a terminal may show them. */

import { clean } from '../../core/clean.js';

/** Bytes of UTF-8 as characters, and back, both in texts in which each character is a byte. */
const decode = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
const encode = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/** What every terminal shows as it is. */
const PLAIN = /^[\t\x20-\x7e]*$/;

/** The text with what a terminal would act on written out, but for tabs. Each character is a byte, before and after. */
export const safe = (latin1: string): string =>
  PLAIN.test(latin1) ? latin1 : encode(decode(latin1).split('\t').map(clean).join('\t'));
