/** How a person looks at the frames: what keys change and panels obey. Plain data. */

export const SORTS = ['cpu', 'memory', 'time', 'pid', 'name'] as const;
export type Sort = (typeof SORTS)[number];

/** A line being typed, and what it is for. */
export interface Prompt {
  readonly kind: 'filter' | 'go';
  readonly text: string;
  /** Why the last attempt was refused. */
  readonly error?: string;
}

export interface View {
  /** The panel that arrows move in, by name. */
  readonly focus: string;
  /** Lines that each panel is scrolled down by. */
  readonly scrolled: Readonly<Record<string, number>>;
  readonly sort: Sort;
  /** Processes whose name, user or pid has this text, whatever its case; all where empty. */
  readonly filter: string;
  /** A row for each core. */
  readonly cores: boolean;
  /** Processes by their arguments, where these are known: they can hold secrets. */
  readonly args: boolean;
  /** The frame stays as it is while samples go on. */
  readonly paused: boolean;
  /** Processes that keep their places, by pid in the order they had; undefined where the list goes with the samples. */
  readonly frozen: readonly string[] | undefined;
  /** Page of the help that is shown instead, from 0. */
  readonly help: number | undefined;
  readonly prompt: Prompt | undefined;
  /** Said at the bottom until the next key. */
  readonly notice: string | undefined;
}

export const FIRST_VIEW: View = {
  focus: 'processes',
  scrolled: {},
  sort: 'cpu',
  filter: '',
  cores: false,
  args: false,
  paused: false,
  frozen: undefined,
  help: undefined,
  prompt: undefined,
  notice: undefined,
};
