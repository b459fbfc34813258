/** Fills in templates: Go's text/template as Prometheus's alerts use it. */

import { FUNCTIONS, type Surroundings } from './functions.js';
import { parseTemplate } from './parser.js';
import { runTemplate } from './run.js';
import { type Template, TemplateError } from './tree.js';
import type { GoValue } from './values.js';

export { TemplateError } from './tree.js';
export type { Found } from './values.js';

export interface TemplateData {
  readonly labels: ReadonlyMap<string, string>;
  readonly externalLabels: ReadonlyMap<string, string>;
  readonly externalURL: string;
  readonly value: number;
}

export interface TemplateOptions {
  /** Named in errors: `__alert_HighErrorRate`, as Prometheus calls it. */
  readonly name: string;
  readonly query: Surroundings['query'];
  /** The moment of the evaluation, ms since 1970. */
  readonly now: number;
}

/** Templates that were parsed: an alert fills in the same ones over and over. */
const parsed = new Map<string, Template>();

/** As many as a person has rules; then it begins anew. */
const MOST = 5000;

const parse = (name: string, text: string): Template => {
  const key = `${name}\0${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const made = parseTemplate(name, text, (word) => FUNCTIONS.has(word));
  if (parsed.size >= MOST) parsed.clear();
  parsed.set(key, made);
  return made;
};

/** Fills in a text of a rule. Throws TemplateError, in Prometheus's words. */
export const expandTemplate = (text: string, given: TemplateData, options: TemplateOptions): string => {
  if (!text.includes('{{')) return text;
  const { labels, externalLabels, externalURL, value } = given;
  const data = new Map<string, GoValue>([
    ['Labels', labels],
    ['ExternalLabels', externalLabels],
    ['ExternalURL', externalURL],
    ['Value', value],
  ]);
  const variables: [string, GoValue][] = [
    ['$labels', labels],
    ['$externalLabels', externalLabels],
    ['$externalURL', externalURL],
    ['$value', value],
  ];
  let template: Template;
  try {
    template = parse(options.name, text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new TemplateError(`error parsing template ${options.name}: ${error.message}`);
  }
  try {
    return runTemplate(template, data, { ...options, externalURL }, variables);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new TemplateError(`error executing template ${options.name}: ${error.message}`);
  }
};

/** What is wrong with a text before it is ever filled in. As Prometheus does, it is only parsed: what it asks for is not there yet. */
export const checkTemplate = (text: string, name: string): TemplateError | undefined => {
  if (!text.includes('{{')) return undefined;
  try {
    parse(name, text);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
};
