/** The bundles of short commands lack what they seldom need: what does need it is begun anew in the whole one (bin/sysmon.js). */

export class NeedsWhole extends Error {
  /** Told by this, since the other bundle has a class of its own. */
  readonly needsWhole = true;
}

export const needsWhole = (error: unknown): boolean =>
  error instanceof Error && 'needsWhole' in error && error.needsWhole === true;
