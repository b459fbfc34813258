/** What feeds the screen: the machine now, a log of the past, or a pipe from elsewhere. */

import type { Frame } from '../../screen/frame.js';
import type { Action } from '../../screen/update.js';

/** An action that is about samples rather than about the screen. */
export type PlayerAction = Extract<
  Action,
  { readonly do: 'interval' | 'speed' | 'step' | 'alert' | 'jump' | 'go' | 'end' | 'play' }
>;

export interface Player {
  /** What is to be seen now. */
  readonly frame: () => Frame;
  /** Does it; what is to be said of it, if anything. Never rejects for what a person typed. */
  readonly act: (action: PlayerAction) => Promise<string | undefined> | string | undefined;
  /** Processes that the screen has room for, or all: nobody else knows how many are worth reading. */
  readonly wantProcesses: (count: number) => void;
  readonly close: () => void;
}

/** Called whenever there is something new to draw. */
export type OnChange = () => void;
