/** Colour or not, decided once: the flag, then FORCE_COLOR, then NO_COLOR, then whether it is a terminal. */

import type { ColourLevel } from '../formats/palette.js';
import type { Output, World } from '../world.js';

/** What the terminal says it can show. */
const terminalLevel = (env: World['env']): ColourLevel => {
  if (/^(truecolor|24bit)$/.test(env['COLORTERM'] ?? '')) return 3;
  if (env['TERM'] === 'dumb') return 0;
  return /-256(color)?$/i.test(env['TERM'] ?? '') ? 2 : 1;
};

/** `flag` is --color or --no-color, where given. FORCE_COLOR may name a level, 0 to 3 (force-color.org; no-color.org). */
export const colourLevel = (flag: boolean | undefined, output: Output, env: World['env']): ColourLevel => {
  const able = terminalLevel(env);
  const some = able === 0 ? 1 : able;
  if (flag !== undefined) return flag ? some : 0;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') {
    if (forced === '0' || forced === 'false') return 0;
    return /^[123]$/.test(forced) ? (Number(forced) as ColourLevel) : some;
  }
  if ((env['NO_COLOR'] ?? '') !== '') return 0;
  return output.isTerminal ? able : 0;
};
