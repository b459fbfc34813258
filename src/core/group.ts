/** What can be measured: groups of fields read together, in node_exporter's words. Plain data, so that a log can carry its own schema. */

/** `gauge` goes up and down, `counter` only grows until it resets, `info` is a constant 1 that exists for its labels. */
export type Kind = 'gauge' | 'counter' | 'info';

export type Unit =
  | 'percent'
  | 'bytes'
  | 'bytes_per_second'
  | 'per_second'
  | 'seconds'
  | 'unix_seconds'
  | 'celsius'
  | 'hertz'
  | 'ratio'
  | 'boolean'
  | 'count';

/** `tick` fields stand in every sample; `detail` fields once a minute and in the first sample of every run and file. */
export type Due = 'tick' | 'detail';

/** What a field is called in Prometheus's text format. */
export interface PrometheusName {
  /** Full metric name; `*` stands for the field's own name in an open group (see `Group.fields`). */
  readonly name: string;
  /** Constant labels, such as `mode="user"`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Texts of the row that are labels of this metric; `undefined` means the group's default labels. */
  readonly texts?: readonly string[];
  /** Multiplies the value on the way out; 1 where not given. */
  readonly scale?: number;
  /** The type told in `# TYPE` where the peer's differs from `kind`: node_exporter calls netstat and vmstat untyped. */
  readonly type?: 'untyped' | 'gauge' | 'counter';
}

export interface Field {
  readonly kind: Kind;
  readonly unit: Unit;
  readonly help: string;
  readonly due: Due;
  /** Decimals kept when a sample is made; whole numbers where not given. */
  readonly digits?: number;
  readonly prometheus?: PrometheusName;
  /**
   * Of a field that node_exporter does not have, how Prometheus makes it of those that it has. `$rows` stands for matchers of
   * rows, in the braces of the first selector; `$range` for how far back rates look.
   */
  readonly promql?: string;
}

export interface Group {
  readonly name: string;
  readonly help: string;
  /** Names of the values that tell its rows apart, outermost first: none for `memory`, `mountpoint` for `filesystem`. */
  readonly identity: readonly string[];
  /** Texts beside the numbers, name to help. */
  readonly texts: Readonly<Record<string, string>>;
  /** Texts that are Prometheus labels of every field, besides the identity, unless the field says otherwise. */
  readonly labels: readonly string[];
  /** The fields; the key `*` describes every field not named here, for files whose keys the kernel decides. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Matchers in PromQL for the rows that count (`core/aside.ts`), as far as their labels tell; all of them where not given. */
  readonly countedMatchers?: string;
  /** Recorded as an ordered array of rows rather than as an object keyed by identity. */
  readonly list?: boolean;
}

type FieldOptions = Partial<Pick<Field, 'digits' | 'due' | 'promql'>> & {
  /** A Prometheus name, whole or in parts. */
  readonly prometheus?: string | PrometheusName;
};

const DIGITS: Partial<Record<Unit, number>> = { percent: 2, seconds: 3, per_second: 2, ratio: 4, celsius: 3 };

const field = (kind: Kind, unit: Unit, help: string, options: FieldOptions = {}): Field => {
  const { digits = DIGITS[unit], due = 'tick', prometheus, promql } = options;
  return {
    kind,
    unit,
    help,
    due,
    ...(digits === undefined ? {} : { digits }),
    ...(prometheus === undefined
      ? {}
      : { prometheus: typeof prometheus === 'string' ? { name: prometheus } : prometheus }),
    ...(promql === undefined ? {} : { promql }),
  };
};

export const gauge = (unit: Unit, help: string, options?: FieldOptions): Field =>
  field('gauge', unit, help, options);

export const counter = (unit: Unit, help: string, options?: FieldOptions): Field =>
  field('counter', unit, help, options);

/** A metric that is always 1 and carries the row's texts as labels. It has no value in the row. */
export const info = (help: string, prometheus: PrometheusName, due: Due = 'detail'): Field =>
  field('info', 'boolean', help, { prometheus, due });

type GroupOptions = Pick<Group, 'name' | 'help' | 'fields'> &
  Partial<Pick<Group, 'identity' | 'texts' | 'labels' | 'list' | 'countedMatchers'>>;

export const group = (options: GroupOptions): Group => ({
  identity: [],
  texts: {},
  labels: [],
  ...options,
});

/** The field a name in a row stands for, or undefined for one the group does not know. */
export const fieldOf = (owner: Group, name: string): Field | undefined =>
  Object.hasOwn(owner.fields, name) ? owner.fields[name] : owner.fields['*'];
