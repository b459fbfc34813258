/**
 * Everything real is collected, but not all of it is what a person means by "my disks" or "my network". The text
 * `aside` of a row says why it is not; a row without it counts. It stands in the row, because it can depend on the
 * other rows: of two mounts of one device, only one counts.
 */

interface WithTexts {
  readonly texts: Readonly<Record<string, string>>;
}

/** What a vital that uses it says of the text. */
export const ASIDE_HELP =
  'why it is not one of those that count: "layer" where it is built on others of them';

/** Judged by the default rules and added to totals. */
export const isCounted = ({ texts }: WithTexts): boolean => texts['aside'] === undefined;

/** Shown on screens: what counts, and what is built on it (a logical volume, a bond), whose bytes would count twice. */
export const isShown = ({ texts }: WithTexts): boolean =>
  texts['aside'] === undefined || texts['aside'] === 'layer';
