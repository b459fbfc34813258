/** What templates of labels and annotations ask for by `query "…"`, as far as it is written there. */

import type { Expr } from '../ast.js';
import { parse } from '../parse.js';
import { selectorsIn } from '../parts.js';
import { FUNCTIONS } from '../template/functions.js';
import { parseTemplate } from '../template/parser.js';
import { type Item, type Pipeline, TemplateError, type Term } from '../template/tree.js';

const partsOf = (term: Term): readonly Term[] => {
  if (term.kind === 'pipeline') return termsOf(term.pipeline);
  return term.kind === 'fields' ? [term, ...partsOf(term.of)] : [term];
};

const termsOf = ({ commands }: Pipeline): readonly Term[] =>
  commands.flatMap(({ terms }) => terms.flatMap(partsOf));

const termsIn = (items: readonly Item[]): readonly Term[] =>
  items.flatMap((item) => {
    switch (item.kind) {
      case 'action':
        return termsOf(item.pipeline);
      case 'template':
        return item.pipeline === undefined ? [] : termsOf(item.pipeline);
      case 'if':
      case 'with':
      case 'range':
        return [...termsOf(item.pipeline), ...termsIn(item.body), ...termsIn(item.otherwise)];
      default:
        return [];
    }
  });

/** A verb of printf: `%s`, `%.2f`. */
const VERB = /%[-+# 0]*\d*(?:\.\d*)?[a-zA-Z]/;
const verb = VERB.source;
const MATCHERS = new RegExp(
  `[\\w.]+\\s*(?:=~|!~|!=|=)\\s*(?:"[^"]*?${verb}[^"]*"|'[^']*?${verb}[^']*'|${verb})\\s*,?`,
  'g',
);

/**
 * A format as a query that selects at least as much: matchers with a verb in them go, ranges become long ones, and other verbs
 * numbers.
 */
const filledIn = (format: string): string =>
  format
    .replace(MATCHERS, '')
    .replace(new RegExp(`\\[${verb}\\]`, 'g'), '[1d]')
    .replace(new RegExp(`\\[${verb}`, 'g'), '[100')
    .replace(new RegExp(verb, 'g'), '1')
    .replaceAll('%%', '%');

const expressionOf = (text: string): readonly Expr[] => {
  try {
    const expr = parse(text);
    return selectorsIn(expr).length === 0 ? [] : [expr];
  } catch {
    // It is another text, or a query put together in a way that nobody can foresee.
    return [];
  }
};

/** Whatever could be a query counts as one: to load a series that nobody asks for does no harm. */
export const queriesIn = (text: string): readonly Expr[] => {
  if (!text.includes('{{') || !text.includes('query')) return [];
  try {
    const { items, defined } = parseTemplate('', text, (word) => FUNCTIONS.has(word));
    const terms = [items, ...defined.values()].flatMap(termsIn);
    if (!terms.some((term) => term.kind === 'function' && term.name === 'query')) return [];
    return terms.flatMap((term) =>
      term.kind === 'literal' && typeof term.value === 'string'
        ? expressionOf(VERB.test(term.value) ? filledIn(term.value) : term.value)
        : [],
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [];
  }
};
