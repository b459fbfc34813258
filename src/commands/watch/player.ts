/** What feeds the screen: the machine now, a log of the past, or a pipe from elsewhere. */

import type { Sample } from '../../core/sample.js';
import type { Frame } from '../../screen/frame.js';
import type { Action } from '../../screen/update.js';

/** An action that is about samples rather than about the screen. */
export type PlayerAction = Extract<
  Action,
  { readonly do: 'interval' | 'speed' | 'step' | 'alert' | 'jump' | 'go' | 'live' | 'play' }
>;

export interface Player {
  /** What is to be seen now. */
  readonly frame: () => Frame;
  /** Does it; what is to be said of it, if anything. Never rejects for what a person typed. */
  readonly act: (action: PlayerAction) => Promise<string | undefined> | string | undefined;
  /** Processes that the screen has room for, or all, and whether with arguments: nobody else knows what is worth reading. */
  readonly wantProcesses: (count: number, args: boolean) => void;
  /** While held the frame stays; samples go on, and wait. */
  readonly hold: (on: boolean) => void;
  readonly close: () => void;
}

/** Called whenever there is something new to draw. */
export type OnChange = () => void;

export interface PlayerEvents {
  readonly onChange: OnChange;
  /** Each sample as it comes. */
  readonly onSample?: (sample: Sample) => void;
}

/** Begins to play. `ended` resolves where it comes to an end by itself. Throws a UserError where there is nothing to play. */
export type Opener = (events: PlayerEvents) => Player & { readonly ended?: Promise<void> };
