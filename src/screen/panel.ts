/** The contract of a part of the screen. Each is one file in panels/, and a line in its registry. */

import type { Glyphs } from '../core/glyphs.js';
import type { Area } from './cells.js';
import type { Frame } from './frame.js';
import type { Chart } from './trail.js';
import type { View } from './view.js';

/** Everything that drawing depends on besides the place. */
export interface Scene {
  readonly frame: Frame;
  readonly view: View;
  readonly glyphs: Glyphs;
}

/** Rows a panel asks for, its title line included. */
export interface Wish {
  /** With the essential of it. */
  readonly least: number;
  /** With all that it has to say. */
  readonly best: number;
}

export interface Panel {
  /** As `--only` and Tab know it. */
  readonly name: string;
  readonly title: string;
  /** Groups it shows: it is marked stale where one of them could not be read. */
  readonly groups: readonly string[];
  /** Fields whose past it draws. */
  readonly charts?: readonly Chart[];
  /**
   * Rows it would take at this width; undefined where the machine has nothing for it. A panel of one row has no title line
   * and says the essential in that row, beginning with its title.
   */
  readonly wish: (scene: Scene, width: number) => Wish | undefined;
  /**
   * Draws itself into the area, whose first row is its title line where it has more than one row: frame.ts's numbers only, never
   * one made up here. What it says in the title line, it says through `drawTitle`.
   */
  readonly draw: (area: Area, scene: Scene) => void;
  /** Lines it has in all, where it can be scrolled. */
  readonly lines?: (scene: Scene) => number;
}
