/** A template as it was understood: Go's text/template, in plain data. */

/** A text of the template that is wrong, or one that fails when it is filled in. In Go's words where it has some. */
export class TemplateError extends Error {}

/** Operands and calls: what stands between two pipes is one or several of them. */
export type Term =
  /** true, 12, 1.5, "text", nil; whole numbers are bigint, as Go's constants are integers. */
  | { readonly kind: 'literal'; readonly value: boolean | bigint | number | string | undefined }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
  /** `.Labels.job`, `$x.Value`, `(query "…").Value` */
  | { readonly kind: 'fields'; readonly of: Term; readonly names: readonly string[] };

/** One command: a function with its arguments, or an operand alone. */
export interface Command {
  readonly terms: readonly Term[];
  /** As it was written, for errors. */
  readonly text: string;
}

export interface Pipeline {
  readonly commands: readonly Command[];
  /** `$x := …` declares, `$x = …` sets; range takes two. */
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly line: number;
}

export interface Block {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Item[];
  readonly otherwise: readonly Item[];
}

export type Item =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | Block
  | { readonly kind: 'template'; readonly name: string; readonly pipeline?: Pipeline; readonly line: number }
  | { readonly kind: 'break' | 'continue' };

export interface Template {
  readonly name: string;
  readonly items: readonly Item[];
  /** By `define` and `block`. */
  readonly defined: ReadonlyMap<string, readonly Item[]>;
}
