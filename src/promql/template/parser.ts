/** Templates from their text, as Go's text/template/parse reads them. */

import { cut, type Token, type TokenKind } from './lexer.js';
import { numberOf, unquote } from './literals.js';
import { type Command, type Item, type Pipeline, type Template, TemplateError, type Term } from './tree.js';

const CLOSED: Token = { kind: 'close', text: '', line: 0 };

/** Actions with a body, and the words that end or part one. */
const WITH_BODY: ReadonlySet<string> = new Set(['if', 'with', 'range']);

/** Parses; `isFunction` says which words are functions. Throws TemplateError. */
export const parseTemplate = (
  name: string,
  text: string,
  isFunction: (word: string) => boolean,
): Template => {
  const tokens = cut(name, text);
  const defined = new Map<string, readonly Item[]>();
  let at = 0;
  let line = 1;
  let loops = 0;
  /** Variables that are known at this place. */
  let known: string[] = ['$', '$labels', '$externalLabels', '$externalURL', '$value'];

  const fail = (message: string): never => {
    throw new TemplateError(`template: ${name}:${line}: ${message}`);
  };
  const peek = (): Token => tokens[at] ?? CLOSED;
  const next = (): Token => {
    const token = peek();
    at++;
    if (token.line > 0) line = token.line;
    return token;
  };
  const skipSpace = (): void => {
    while (peek().kind === 'space') next();
  };
  const describe = (token: Token): string =>
    token.kind === 'close' ? '"}}"' : token.kind === 'word' ? `<${token.text}>` : JSON.stringify(token.text);
  const unexpected = (context: string): never => fail(`unexpected ${describe(peek())} in ${context}`);

  const fieldsAfter = (of: Term): Term => {
    const names: string[] = [];
    while (peek().kind === 'field') names.push(next().text.slice(1));
    return names.length === 0 ? of : { kind: 'fields', of, names };
  };

  const operand = (): Term | undefined => {
    const token = peek();
    switch (token.kind as TokenKind) {
      case 'string':
        next();
        return { kind: 'literal', value: unquote(token.text) ?? fail(`invalid syntax`) };
      case 'character': {
        next();
        const text = unquote(`"${token.text.slice(1, -1).replaceAll('"', '\\"')}"`) ?? '';
        return [...text].length === 1
          ? { kind: 'literal', value: BigInt(text.codePointAt(0) as number) }
          : fail(`malformed character constant: ${token.text}`);
      }
      case 'number': {
        next();
        const value = numberOf(token.text);
        return value === undefined ? fail(`bad number syntax: "${token.text}"`) : { kind: 'literal', value };
      }
      case 'dot':
        next();
        return { kind: 'dot' };
      case 'field':
        return fieldsAfter({ kind: 'dot' });
      case 'variable':
        next();
        if (!known.includes(token.text)) fail(`undefined variable "${token.text}"`);
        return fieldsAfter({ kind: 'variable', name: token.text });
      case 'word':
        if (token.text === 'true' || token.text === 'false') {
          next();
          return { kind: 'literal', value: token.text === 'true' };
        }
        if (token.text === 'nil') {
          next();
          return { kind: 'literal', value: undefined };
        }
        if (!isFunction(token.text)) fail(`function "${token.text}" not defined`);
        next();
        return { kind: 'function', name: token.text };
      case 'sign': {
        if (token.text !== '(') return undefined;
        next();
        const inner = pipeline('parenthesized pipeline', ')');
        return fieldsAfter({ kind: 'pipeline', pipeline: inner });
      }
      default:
        return undefined;
    }
  };

  const command = (context: string): Command => {
    const terms: Term[] = [];
    const begin = at;
    for (;;) {
      skipSpace();
      const term = operand();
      if (term === undefined) break;
      terms.push(term);
      const { kind, text: sign } = peek();
      if (kind === 'space' || kind === 'close' || (kind === 'sign' && (sign === '|' || sign === ')')))
        continue;
      unexpected('operand');
    }
    if (terms.length === 0) {
      if (peek().kind === 'close' || peek().text === '|' || peek().text === ')')
        fail(begin === at && peek().kind !== 'close' ? `missing value for ${context}` : 'empty command');
      unexpected(context);
    }
    const written = tokens.slice(begin, at).map((token) => token.text);
    return { terms, text: written.join('').trim() };
  };

  const variablesBefore = (context: string): { variables: string[]; assigns: boolean } => {
    const start = at;
    const variables: string[] = [];
    skipSpace();
    while (peek().kind === 'variable') {
      variables.push(next().text);
      skipSpace();
      const { text: sign } = peek();
      if (sign === ':=' || sign === '=') {
        next();
        if (sign === '=') {
          const unknown = variables.find((one) => !known.includes(one));
          if (unknown !== undefined) fail(`undefined variable "${unknown}"`);
        }
        if (variables.length > 1 && context !== 'range') fail(`too many declarations in ${context}`);
        return { variables, assigns: sign === '=' };
      }
      if (sign !== ',' || context !== 'range' || variables.length > 1) break;
      next();
      skipSpace();
    }
    at = start;
    return { variables: [], assigns: false };
  };

  const pipeline = (context: string, end: ')' | '}}'): Pipeline => {
    const { variables, assigns } = variablesBefore(context);
    const commands: Command[] = [];
    const begun = line;
    skipSpace();
    if (peek().kind === 'close' || peek().text === ')') fail(`missing value for ${context}`);
    for (;;) {
      commands.push(command(context));
      skipSpace();
      const token = next();
      if (token.kind === 'sign' && token.text === '|') {
        skipSpace();
        if (peek().kind === 'close' || peek().text === ')') fail(`missing value for ${context}`);
        continue;
      }
      if ((end === '}}' && token.kind === 'close') || (end === ')' && token.text === ')')) break;
      at--;
      unexpected(context);
    }
    commands.slice(1).forEach(({ terms: [first] }) => {
      if (first?.kind === 'literal' || first?.kind === 'dot')
        fail(`non executable command in pipeline stage ${commands.length}`);
    });
    if (!assigns) known = [...known, ...variables];
    return { commands, variables, assigns, line: begun };
  };

  const close = (context: string): void => {
    skipSpace();
    if (peek().kind !== 'close') unexpected(context);
    next();
  };

  /** Items up to `end` or `else`, which is taken; variables declared in them are forgotten. */
  const body = (context: string): { items: Item[]; end: 'end' | 'else' } => {
    const outer = known;
    const items: Item[] = [];
    for (;;) {
      if (at >= tokens.length) fail('unexpected EOF');
      const found = item(context);
      if (found === 'end' || found === 'else') {
        if (found === 'end') known = outer;
        return { items, end: found };
      }
      items.push(...found);
    }
  };

  const withBody = (kind: 'if' | 'with' | 'range'): Item => {
    const outer = known;
    const head = pipeline(kind, '}}');
    if (kind === 'range') loops++;
    const first = body(kind);
    if (kind === 'range') loops--;
    let otherwise: Item[] = [];
    if (first.end === 'else') {
      skipSpace();
      const chained = peek();
      if (chained.kind === 'word' && (chained.text === 'if' || chained.text === 'with') && kind !== 'range') {
        next();
        otherwise = [withBody(chained.text)];
      } else {
        close('else');
        const rest = body(kind);
        if (rest.end === 'else') fail('expected end; found {{else}}');
        otherwise = rest.items;
      }
    }
    known = outer;
    return { kind, pipeline: head, body: first.items, otherwise };
  };

  const nameAfter = (context: string): string => {
    skipSpace();
    const token = next();
    if (token.kind !== 'string') {
      at--;
      unexpected(`${context} clause`);
    }
    return unquote(token.text) ?? fail('invalid syntax');
  };

  const define = (context: 'define' | 'block'): string => {
    const title = nameAfter(context);
    if (context === 'define') close('define clause');
    return title;
  };

  const item = (context: string): Item[] | 'end' | 'else' => {
    const token = next();
    if (token.kind === 'text') return [{ kind: 'text', text: token.text }];
    skipSpace();
    const word = peek();
    if (word.kind === 'word') {
      if (WITH_BODY.has(word.text)) {
        next();
        return [withBody(word.text as 'if')];
      }
      switch (word.text) {
        case 'end':
          if (context === '') fail('unexpected {{end}}');
          next();
          close('end');
          return 'end';
        case 'else':
          if (context === '' || context === 'define') fail('unexpected {{else}}');
          next();
          return 'else';
        case 'break':
        case 'continue':
          if (loops === 0) fail(`{{${word.text}}} outside {{range}}`);
          next();
          close(word.text);
          return [{ kind: word.text }];
        case 'template': {
          next();
          const title = nameAfter('template');
          skipSpace();
          if (peek().kind === 'close') {
            next();
            return [{ kind: 'template', name: title, line }];
          }
          return [{ kind: 'template', name: title, pipeline: pipeline('template', '}}'), line }];
        }
        case 'define':
        case 'block': {
          next();
          if (word.text === 'define' && context !== '') fail('unexpected {{define}}');
          const title = define(word.text);
          const head = word.text === 'block' ? pipeline('block', '}}') : undefined;
          const outer = known;
          known = ['$'];
          const inner = body('define');
          known = outer;
          defined.set(title, inner.items);
          return head === undefined ? [] : [{ kind: 'template', name: title, pipeline: head, line }];
        }
      }
    }
    return [{ kind: 'action', pipeline: pipeline('command', '}}') }];
  };

  const items: Item[] = [];
  while (at < tokens.length) {
    const found = item('');
    if (found !== 'end' && found !== 'else') items.push(...found);
  }
  return { name, items, defined };
};
