/** Walks through a template that was parsed, as Go's text/template/exec does. */

import { FUNCTIONS, methodOf, type Surroundings } from './functions.js';
import {
  type Block,
  type Command,
  type Item,
  type Pipeline,
  type Template,
  TemplateError,
  type Term,
} from './tree.js';
import { type GoValue, isFound, isList, isMap, isTrue, show, typeOf } from './values.js';

/** `break` and `continue` on their way to their range. */
class Jump extends Error {
  readonly kind: 'break' | 'continue';
  constructor(kind: 'break' | 'continue') {
    super(kind);
    this.kind = kind;
  }
}

/** What Go calls the type of the dot in an alert. */
const DATA_TYPE =
  'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }';

/** A template that calls itself for ever, or a range within ranges. */
const DEEPEST = 500;
const LONGEST = 1024 * 1024;

/** `data` is the dot at first, `initial` the variables that are there. Throws TemplateError. */
export const runTemplate = (
  template: Template,
  data: GoValue,
  options: Omit<Surroundings, 'template'>,
  initial: readonly [string, GoValue][],
): string => {
  let out = '';
  let depth = 0;
  let line = 1;

  const fail = (at: string, message: string): never => {
    throw new TemplateError(
      `template: ${template.name}:${line}: executing "${template.name}" at <${at}>: ${message}`,
    );
  };

  class Scope {
    readonly values = new Map<string, GoValue>();
    readonly outer: Scope | undefined;
    readonly dot: GoValue;
    constructor(outer: Scope | undefined, dot: GoValue) {
      this.outer = outer;
      this.dot = dot;
    }
    find(name: string): Scope | undefined {
      return this.values.has(name) ? this : this.outer?.find(name);
    }
  }

  const around: Surroundings = {
    query: options.query,
    externalURL: options.externalURL,
    now: options.now,
    template: (name, value) => {
      const before = out;
      out = '';
      call(name, value, name);
      const made = out;
      out = before;
      return made;
    },
  };

  const fieldOf = (value: GoValue, name: string, at: string): GoValue => {
    if (isMap(value)) return value.has(name) ? value.get(name) : missing(value, name, at);
    if (value === undefined) return fail(at, `nil data; no entry for key "${name}"`);
    if (isFound(value)) {
      if (name === 'Labels') return value.Labels;
      if (name === 'Value') return value.Value;
    }
    const method = methodOf(value, name);
    return method === undefined ? fail(at, `can't evaluate field ${name} in type ${typeOf(value)}`) : method;
  };

  /** The empty text of a label that is not there. Of what the template is given, everything has a name. */
  const missing = (map: ReadonlyMap<string, GoValue>, name: string, at: string): GoValue =>
    map === data ? fail(at, `can't evaluate field ${name} in type ${DATA_TYPE}`) : '';

  const evaluate = (term: Term, scope: Scope, at: string): GoValue => {
    switch (term.kind) {
      case 'literal':
        return term.value;
      case 'dot':
        return scope.dot;
      case 'variable':
        return scope.find(term.name)?.values.get(term.name);
      case 'function':
        return callFunction(term.name, [], scope, at);
      case 'pipeline':
        return pipe(term.pipeline, scope);
      case 'fields':
        return term.names.reduce<GoValue>(
          (value, name) => fieldOf(value, name, at),
          evaluate(term.of, scope, at),
        );
    }
  };

  const callFunction = (
    name: string,
    args: readonly (Term | { readonly ready: GoValue })[],
    scope: Scope,
    at: string,
  ): GoValue => {
    const given = (arg: Term | { readonly ready: GoValue }): GoValue =>
      'ready' in arg ? arg.ready : evaluate(arg, scope, at);
    // What follows the one that decides is not evaluated.
    if (name === 'and' || name === 'or') {
      if (args.length === 0) return fail(at, `wrong number of args for ${name}: want at least 1 got 0`);
      let value: GoValue;
      for (const arg of args) {
        value = given(arg);
        if (isTrue(value) === (name === 'or')) break;
      }
      return value;
    }
    const values = args.map(given);
    try {
      return FUNCTIONS.get(name)?.(values, around);
    } catch (error) {
      if (error instanceof TemplateError && error.message.startsWith('template: ')) throw error;
      return fail(at, `error calling ${name}: ${(error as Error).message}`);
    }
  };

  const runCommand = (
    { terms, text }: Command,
    scope: Scope,
    last: { readonly ready: GoValue } | undefined,
  ): GoValue => {
    const [head, ...args] = terms as [Term, ...Term[]];
    const all = last === undefined ? args : [...args, last];
    if (head.kind === 'function') return callFunction(head.name, all, scope, text);
    if (head.kind === 'pipeline' && all.length === 0) return pipe(head.pipeline, scope);
    if (all.length > 0) fail(text, `can't give argument to non-function ${text.split(/\s/, 1)[0]}`);
    return evaluate(head, scope, text);
  };

  const pipe = ({ commands, variables, assigns, line: at }: Pipeline, scope: Scope): GoValue => {
    line = at;
    let last: { readonly ready: GoValue } | undefined;
    for (const command of commands) last = { ready: runCommand(command, scope, last) };
    const value = last?.ready;
    for (const name of variables) (assigns ? (scope.find(name) ?? scope) : scope).values.set(name, value);
    return value;
  };

  const write = (text: string): void => {
    out += text;
    if (out.length > LONGEST)
      throw new TemplateError(`template ${template.name} makes more than ${LONGEST} characters`);
  };

  const call = (name: string, value: GoValue, at: string): void => {
    const items = name === template.name ? template.items : template.defined.get(name);
    if (items === undefined) fail(at, `template "${name}" not defined`);
    if (++depth > DEEPEST) fail(at, `exceeded maximum template depth (${DEEPEST})`);
    const scope = new Scope(undefined, value);
    scope.values.set('$', value);
    walk(items as readonly Item[], scope);
    depth--;
  };

  const entriesOf = (value: GoValue, at: string): readonly (readonly [GoValue, GoValue])[] => {
    if (isMap(value)) return [...value].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    if (isList(value)) return value.map((one, index) => [BigInt(index), one]);
    // A whole number counts, since Go 1.22.
    if (typeof value === 'bigint' && value < BigInt(LONGEST))
      return Array.from({ length: Number(value) }, (_, index) => [BigInt(index), BigInt(index)] as const);
    return value === undefined ? [] : fail(at, `range can't iterate over ${show(value)}`);
  };

  const range = ({ pipeline, body, otherwise }: Block, scope: Scope): void => {
    const over = pipe({ ...pipeline, variables: [] }, scope);
    const entries = entriesOf(over, pipeline.commands.map(({ text }) => text).join(' | '));
    if (entries.length === 0) walk(otherwise, new Scope(scope, scope.dot));
    for (const [key, value] of entries) {
      const inner = new Scope(scope, value);
      const names = pipeline.variables;
      const set = (name: string, one: GoValue): void => {
        (pipeline.assigns ? (scope.find(name) ?? inner) : inner).values.set(name, one);
      };
      if (names.length === 1) set(names[0] as string, value);
      if (names.length === 2) {
        set(names[0] as string, key);
        set(names[1] as string, value);
      }
      try {
        walk(body, inner);
      } catch (error) {
        if (!(error instanceof Jump)) throw error;
        if (error.kind === 'break') return;
      }
    }
  };

  const walk = (items: readonly Item[], scope: Scope): void => {
    for (const item of items) {
      switch (item.kind) {
        case 'text':
          write(item.text);
          break;
        case 'action': {
          const value = pipe(item.pipeline, scope);
          if (item.pipeline.variables.length === 0)
            write(show(value) === '<nil>' ? '<no value>' : show(value));
          break;
        }
        case 'if':
        case 'with': {
          const inner = new Scope(scope, scope.dot);
          const value = pipe(item.pipeline, inner);
          const inside = new Scope(inner, item.kind === 'with' ? value : scope.dot);
          if (isTrue(value)) walk(item.body, inside);
          else walk(item.otherwise, new Scope(inner, scope.dot));
          break;
        }
        case 'range':
          range(item, new Scope(scope, scope.dot));
          break;
        case 'template':
          line = item.line;
          call(
            item.name,
            item.pipeline === undefined ? undefined : pipe(item.pipeline, scope),
            `{{template "${item.name}"}}`,
          );
          break;
        default:
          throw new Jump(item.kind);
      }
    }
  };

  const scope = new Scope(undefined, data);
  scope.values.set('$', data);
  for (const [name, value] of initial) scope.values.set(name, value);
  walk(template.items, scope);
  return out;
};
