/** The session with a terminal: what is changed about it when it begins, one frame after the other, and all of it put back. */

import type { Clock } from '../core/clock.js';
import type { Grid } from './cells.js';
import { type Input, openDecoder } from './keys.js';
import { openPainter } from './paint.js';
import type { Pen } from './sgr.js';
import type { Size, Tty } from './tty.js';

export interface TerminalEvents {
  /** A key, or pasted text. */
  readonly onInput: (input: Exclude<Input, { kind: 'mode' }>) => void;
  /** The size changed, or the session came back: what is shown is gone, draw anew. */
  readonly onRedraw: () => void;
  /** A frame was dropped and there is room now: draw what is newest. */
  readonly onRoom: () => void;
  /** The terminal died; the session has ended. */
  readonly onGone: () => void;
}

export interface Terminal {
  readonly size: () => Size;
  /**
   * Shows the grid by one write of what changed. False where the terminal has not shown the frame before: then this one is
   * dropped, and onRoom is called later. The grid must be as large as the terminal.
   */
  readonly show: (grid: Grid) => boolean;
  /** The next frame is painted whole, such as after Ctrl-L. */
  readonly forget: () => void;
  /** Puts everything back, so that the process can stop (SIGTSTP). */
  readonly suspend: () => void;
  /** After SIGCONT, also when nothing was suspended, for the shell may have changed the terminal. */
  readonly resume: () => void;
  /** Puts everything back for good. It can be called from every way out, any number of times. */
  readonly close: () => void;
}

const ESC = '\u001b';
const SYNCHRONISED = 2026;

/** The question whether frames can be shown at once (DECRQM). */
const ASK = `${ESC}[?${SYNCHRONISED}$p`;

/** Alternate screen, no cursor, no wrap at the right edge. */
const OPEN = `${ESC}[?1049h${ESC}[?25l${ESC}[?7l${ASK}`;

/** What has not answered for so long answers no more, s: a large frame takes that long through a slow line. */
const LONGEST_ANSWER = 15;

/** CAN ends a sequence that a frame broken off may have left open. */
const CAN = '\u0018';
const RESTORE = `${ESC}[m${ESC}[?7h${ESC}[?25h${ESC}[?1049l`;

/** How long a lone ESC may be the beginning of a key that a slow line cut in two, ms. */
const ESCAPE_WAIT = 50;

/** Begins the session. */
export const openTerminal = (tty: Tty, pen: Pen, clock: Clock, events: TerminalEvents): Terminal => {
  const painter = openPainter(pen);
  const decoder = openDecoder();
  let state: 'open' | 'suspended' | 'closed' = 'open';
  /** Counts what was handed to the terminal, so that a late `taken` of a frame thrown away says nothing. */
  let writes = 0;
  let busy = false;
  /** It has answered once: it is asked again at the end of each frame, for what the system has taken may still be on its way. */
  let answers = false;
  /** The newest write is taken; when its question was asked, s, until that is answered. */
  let taken = true;
  let askedAt: number | undefined;
  let dropped = false;
  let synchronised = false;
  let waiting: AbortController | undefined;

  const goOn = (): void => {
    if (!taken || askedAt !== undefined) return;
    busy = false;
    if (!dropped) return;
    dropped = false;
    events.onRoom();
  };

  const send = (text: string, asks: boolean): void => {
    const write = ++writes;
    busy = true;
    taken = false;
    askedAt = asks ? clock.monotonic() : undefined;
    tty.write(asks ? text + ASK : text, () => {
      if (write !== writes || state !== 'open') return;
      taken = true;
      goOn();
    });
  };

  const hear = (answer: Extract<Input, { kind: 'mode' }>): void => {
    if (answer.mode !== SYNCHRONISED) return;
    // 1 and 2: it knows the mode and lets us set it.
    synchronised = answer.state === 1 || answer.state === 2;
    answers = true;
    if (askedAt === undefined || state !== 'open') return;
    askedAt = undefined;
    goOn();
  };

  /** Whoever waits for an answer that never comes would show nothing any more. */
  const giveUpAnswer = (): void => {
    if (askedAt === undefined || clock.monotonic() - askedAt < LONGEST_ANSWER) return;
    answers = false;
    askedAt = undefined;
    if (taken) busy = false;
  };

  const take = (inputs: readonly Input[]): void => {
    for (const input of inputs) {
      if (input.kind === 'mode') hear(input);
      else if (state === 'open') events.onInput(input);
    }
  };

  const flushLater = async (): Promise<void> => {
    const mine = new AbortController();
    waiting = mine;
    await clock.sleep(ESCAPE_WAIT, mine.signal);
    if (!mine.signal.aborted) take(decoder.flush());
  };

  const stopInput = tty.onInput((bytes) => {
    waiting?.abort();
    take(decoder.feed(bytes));
    if (decoder.isWaiting() && state === 'open') void flushLater();
  });

  const redraw = (): void => {
    painter.forget();
    events.onRedraw();
  };

  const stopResize = tty.onResize(() => {
    if (state === 'open') redraw();
  });

  const begin = (): void => {
    tty.setRaw(true);
    answers = false;
    send(OPEN, false);
    painter.forget();
  };

  const restore = (): void => {
    writes++;
    busy = false;
    dropped = false;
    tty.writeNow(`${CAN}${synchronised ? `${ESC}[?${SYNCHRONISED}l` : ''}${RESTORE}`);
    tty.setRaw(false);
  };

  const end = (): boolean => {
    if (state === 'closed') return false;
    const was = state;
    state = 'closed';
    tty.gone.removeEventListener('abort', die);
    waiting?.abort();
    stopInput();
    stopResize();
    if (was === 'open') restore();
    return true;
  };

  const die = (): void => {
    if (end()) events.onGone();
  };

  tty.gone.addEventListener('abort', die, { once: true });
  begin();
  // It can have died before anyone listened; the caller gets its session first.
  if (tty.gone.aborted) queueMicrotask(die);

  return {
    size: tty.size,
    show: (grid) => {
      if (state !== 'open') return false;
      giveUpAnswer();
      if (busy) {
        dropped = true;
        return false;
      }
      const bytes = painter.paint(grid, synchronised);
      if (bytes !== '') send(bytes, answers);
      return true;
    },
    forget: painter.forget,
    suspend: () => {
      if (state !== 'open') return;
      state = 'suspended';
      waiting?.abort();
      restore();
    },
    resume: () => {
      if (state === 'closed') return;
      state = 'open';
      begin();
      events.onRedraw();
    },
    close: () => {
      end();
    },
  };
};
