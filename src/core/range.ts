/** The monitoring plugins' range syntax (Monitoring Plugins Development Guidelines, "Threshold and ranges"). */

/** Alerts outside start…end, ends included in what is fine; `inside` turns that round. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly inside: boolean;
}
