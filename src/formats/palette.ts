/** The one home of chalk: colours for a level that was decided once. A word always stands beside a colour. */

export type Paint = (text: string) => string;

export interface Palette {
  readonly ok: Paint;
  readonly warning: Paint;
  readonly critical: Paint;
  readonly unknown: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
  /** To tell names apart that stand beside each other; at least one. */
  readonly hues: readonly [Paint, ...Paint[]];
}

/** 0 none, 1 the terminal's 16 colours, 2 256 colours, 3 all of them. */
export type ColourLevel = 0 | 1 | 2 | 3;

const asIs: Paint = (text) => text;

export const PLAIN: Palette = {
  ok: asIs,
  warning: asIs,
  critical: asIs,
  unknown: asIs,
  faint: asIs,
  strong: asIs,
  hues: [asIs],
};

/** The palette of a colour level. chalk is loaded only where there are colours. */
export const openPalette = async (level: ColourLevel): Promise<Palette> => {
  if (level === 0) return PLAIN;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  return {
    ok: (text) => chalk.green(text),
    warning: (text) => chalk.yellow(text),
    critical: (text) => chalk.bold.red(text),
    unknown: (text) => chalk.magenta(text),
    faint: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    hues: [
      (text) => chalk.cyan(text),
      (text) => chalk.magenta(text),
      (text) => chalk.blue(text),
      (text) => chalk.green(text),
      (text) => chalk.yellow(text),
    ],
  };
};
