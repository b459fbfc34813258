import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EmulatedTty, openEmulatedTty } from '../screen/emulated-tty.js';
import { screenText } from '../screen/emulator.js';
import type { TestWorld } from '../world.js';
import { type Ended, type Machine, openMachine } from './machine.js';

interface Watching {
  readonly machine: Machine;
  readonly screen: EmulatedTty;
  /** What stands on it now. */
  readonly text: () => Promise<string>;
  readonly type: (keys: string) => Promise<void>;
  readonly test: TestWorld;
}

const waitFor = async (met: () => Promise<boolean> | boolean): Promise<void> => {
  for (let turn = 0; turn < 2000; turn++) {
    if (await met()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('waited in vain');
};

/** Watches, lets `use` look and type once the first sample is there, and gives how it ended. */
const watching = async (
  machine: Machine,
  args: readonly string[],
  use: (watching: Watching) => Promise<void>,
  { size = [80, 24], stdin = '' }: { size?: readonly [number, number]; stdin?: string } = {},
): Promise<
  Ended & {
    readonly screen: EmulatedTty;
    readonly stops: readonly { raw: boolean; last: string | undefined }[];
  }
> => {
  const screen = openEmulatedTty(...size);
  const stops: { readonly raw: boolean; readonly last: string | undefined }[] = [];
  let used: Promise<void> | undefined;
  const text = async (): Promise<string> => {
    await screen.settled();
    return screenText(screen.emulator);
  };
  const type = async (keys: string): Promise<void> => {
    screen.type(keys);
    await screen.settled();
  };
  const ended = await machine.run(
    ['watch', ...args],
    {
      terminal: true,
      tty: screen.tty,
      stdin,
      onStop: () => stops.push({ raw: screen.isRaw(), last: screen.written.at(-1) }),
      env: { LANG: 'C.UTF-8' },
    },
    (test) => {
      used = (async () => {
        await waitFor(async () => /CPU/.test(await text()));
        await use({ machine, screen, text, type, test });
      })();
      // A test that fails must not run for ever.
      used.catch(() => screen.type('q'));
    },
  );
  await used;
  await screen.settled();
  return { ...ended, screen, stops };
};

const isRestored = ({ emulator, isRaw }: EmulatedTty): boolean =>
  emulator.terminal.buffer.active.type === 'normal' && !isRaw();

const later = (machine: Machine, seconds: number): Promise<void> =>
  new Promise((resolve) => machine.in(seconds, resolve));

describe('the screen', () => {
  test('shows this machine until q, and leaves the terminal as it was', async () => {
    const machine = openMachine();
    machine.memory(37.5);
    machine.busy(0.25);
    const { code, screen } = await watching(machine, [], async ({ text, type }) => {
      await later(machine, 5);
      const shown = await text();
      expect(shown).toContain('test-host');
      expect(shown).toMatch(/CPU.*25\.0 ?%/);
      expect(shown).toMatch(/37\.5 ?%/);
      await type('q');
    });
    expect(code).toBe(0);
    expect(isRestored(screen)).toBe(true);
  });

  test.each([
    ['Ctrl-C', ({ type }: Watching) => type('\x03'), 130],
    ['SIGINT', async ({ test: { send } }: Watching) => send('SIGINT'), 130],
    ['SIGTERM', async ({ test: { send } }: Watching) => send('SIGTERM'), 0],
    ['SIGHUP', async ({ test: { send } }: Watching) => send('SIGHUP'), 0],
    ['SIGQUIT', async ({ test: { send } }: Watching) => send('SIGQUIT'), 0],
  ] as const)('is left by %s', async (_, leave, exit) => {
    const { code, screen } = await watching(openMachine(), [], leave);
    expect(code).toBe(exit);
    expect(isRestored(screen)).toBe(true);
  });

  test('ends when its terminal dies', async () => {
    const { code } = await watching(openMachine(), [], async ({ screen }) => screen.die());
    expect(code).toBe(0);
  });

  test('stops at Ctrl-Z with the terminal as it was, and comes back whole', async () => {
    const machine = openMachine();
    const { stops } = await watching(machine, [], async ({ screen, text, type, test: { send } }) => {
      await type('\x1a');
      send('SIGCONT');
      expect(await text()).toContain('CPU');
      expect(isRestored(screen)).toBe(false);
      await type('q');
    });
    expect(stops).toHaveLength(1);
    expect(stops[0]?.raw).toBe(false);
    expect(stops[0]?.last).toMatch(/\x1b\[\?25h.*\x1b\[\?1049l$/);
  });

  test('is drawn for every size, and says when one is too small', async () => {
    const machine = openMachine();
    await watching(machine, [], async ({ screen, text, type }) => {
      for (const [width, height] of [
        [60, 15],
        [200, 60],
        [40, 8],
      ] as const) {
        screen.resize(width, height);
        expect(await text()).toContain('CPU');
      }
      screen.resize(30, 5);
      expect(await text()).toContain('too small');
      await type('q');
    });
  });

  test('holds still while paused, says so, and has missed nothing after', async () => {
    const machine = openMachine();
    machine.memory(40);
    await watching(machine, [], async ({ text, type }) => {
      await later(machine, 2);
      await type('p');
      machine.memory(80);
      await later(machine, 5);
      const paused = await text();
      expect(paused).toContain('PAUSED');
      expect(paused).toMatch(/40\.0 ?%/);
      await type('p');
      await later(machine, 1);
      const going = await text();
      expect(going).not.toContain('PAUSED');
      expect(going).toMatch(/80\.0 ?%/);
      await type('q');
    });
  });

  test('marks what breaks a limit, and says what and since when', async () => {
    const machine = openMachine();
    machine.memory(95);
    await watching(machine, ['--memory', '80,99'], async ({ text, type }) => {
      await later(machine, 5);
      expect(await text()).toMatch(/^! +WARNING for \ds: memory in use 95 % \(above 80 %\)$/m);
      expect(await text()).toContain('!');
      await type('q');
    });
  });

  test('shows its keys', async () => {
    await watching(openMachine(), [], async ({ text, type }) => {
      await type('?');
      expect(await text()).toContain('the sample before, after');
      await type('x');
      expect(await text()).not.toContain('the sample before, after');
      await type('q');
    });
  });
});

describe('the past', () => {
  /** A log of a minute: memory is 50 %, then 70 % for the last half. */
  const recorded = async (): Promise<Machine> => {
    const machine = openMachine();
    machine.memory(50);
    machine.in(30, () => machine.memory(70));
    await machine.run(['log', '--file', machine.path('m.log'), '--interval', '5', '--duration', '60']);
    return machine;
  };

  test('is one screen as text with --once', async () => {
    const machine = await recorded();
    const { code, stdout } = await machine.run(['watch', '--once', '--file', machine.path('m.log')]);
    expect(code).toBe(0);
    expect(stdout).toContain('REPLAY');
    expect(stdout).toMatch(/70\.0 ?%/);
  });

  test('is the same screen over a log: steps, jumps and times', async () => {
    const machine = await recorded();
    const { code } = await watching(
      machine,
      ['--file', machine.path('m.log')],
      async ({ text, type }) => {
        expect(await text()).toMatch(/70\.0 ?%/);
        expect(await text()).toContain('REPLAY');
        await type('[');
        expect(await text()).toMatch(/50\.0 ?%/);
        await type('\x1b[D');
        expect(await text()).toContain('the log begins here');
        for (let step = 0; step < 30; step++) await type('\x1b[C');
        expect(await text()).toMatch(/70\.0 ?%/);
        await type('gnonsense\r');
        expect(await text()).toMatch(/nonsense +this is no time/);
        await type('\x1b');
        await waitFor(async () => !/nonsense/.test(await text()));
        await type('[l');
        expect(await text()).toMatch(/70\.0 ?%/);
        await type('q');
      },
      { size: [120, 30] },
    );
    expect(code).toBe(0);
  });

  test('has the alerts of its time, in the same words', async () => {
    const machine = openMachine();
    machine.memory(95);
    const file = machine.path('m.log');
    await machine.run(['log', '--file', file, '--interval', '5', '--duration', '30', '--memory', '80,99']);
    const { stdout } = await machine.run(['watch', '--once', '--file', file]);
    expect(stdout).toMatch(/^! +WARNING for \d+s: memory in use 95 %$/m);
  });

  test('says why nothing was recorded', async () => {
    const machine = await recorded();
    const file = machine.path('m.log');
    // Time passes.
    await machine.run(['watch', '--json', '--interval', '200', '--count', '4']);
    await machine.run(['log', '--file', file, '--interval', '5', '--count', '2']);
    await watching(
      machine,
      ['--file', file],
      async ({ text, type }) => {
        await type('\x1b[D');
        expect(await text()).toMatch(/! \d+m.* gap: recording stopped, duration reached/);
        await type('q');
      },
      { size: [120, 30] },
    );
  });

  test('begins where --from says, and plays', async () => {
    const machine = await recorded();
    await watching(
      machine,
      ['--file', machine.path('m.log'), '--from', '58s'],
      async ({ text, type }) => {
        expect(await text()).toMatch(/50\.0 ?%/);
        await type(' ');
        await waitFor(async () => /70\.0 ?%/.test(await text()));
        await type('q');
      },
      { size: [120, 30] },
    );
  });

  test('is a step to the left of now, and l comes back', async () => {
    const machine = await recorded();
    machine.memory(20);
    const env = { SYSMON_LOG: machine.path('m.log') };
    const screen = openEmulatedTty(120, 30);
    let used: Promise<void> | undefined;
    await machine.run(
      ['watch'],
      { terminal: true, tty: screen.tty, env: { ...env, LANG: 'C.UTF-8' } },
      () => {
        const text = async (): Promise<string> => {
          await screen.settled();
          return screenText(screen.emulator);
        };
        used = (async () => {
          await waitFor(async () => /20\.0 ?%/.test(await text()));
          screen.type('\x1b[D');
          await waitFor(async () => /REPLAY/.test(await text()));
          expect(await text()).toMatch(/70\.0 ?%/);
          screen.type('l');
          await waitFor(async () => !/REPLAY/.test(await text()));
          expect(await text()).toMatch(/20\.0 ?%/);
          screen.type('gnonsense\r');
          expect(await text()).not.toContain('REPLAY');
          screen.type('\x03');
        })();
        used.catch(() => screen.type('q'));
      },
    );
    await used;
  });

  test('where there is no log, that is said', async () => {
    const { code, stderr } = await openMachine().run(['watch', '--file', '/nonexistent/x.log', '--plain']);
    expect(code).toBe(1);
    expect(stderr).toContain('/nonexistent/x.log');
    await watching(openMachine(), [], async ({ text, type }) => {
      await type('\x1b[D');
      expect(await text()).toContain('cannot read the log');
      await type('q');
    });
  });
});

describe('a pipe from another machine', () => {
  test('shows what comes through it, keys from the terminal', async () => {
    const machine = openMachine();
    machine.memory(61);
    const { stdout } = await machine.run(['log', '--file', '-', '--interval', '1', '--count', '3']);
    const { code } = await watching(
      openMachine(),
      ['-'],
      async ({ text, type }) => {
        await waitFor(async () => /61\.0 ?%/.test(await text()));
        await type('q');
      },
      { stdin: `not a record\n${stdout}{"torn":` },
    );
    expect(code).toBe(0);
  });
});

describe('without a screen', () => {
  test('a line a sample', async () => {
    const machine = openMachine();
    machine.memory(50);
    const { code, stdout } = await machine.run(['watch', '--count', '3']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^time +r +b +us/);
    expect(lines[2]).toMatch(/ 20\.0 +0\.50 +488 +488 /);
  });

  test('columns of the panels that are wanted', async () => {
    const { stdout } = await openMachine().run(['watch', '--count', '1', '--only', 'cpu,disk']);
    expect(stdout.split('\n')[1]).toMatch(/^time +us +sy +wa +st +used +1m +read +written$/);
    const none = await openMachine().run(['watch', '--only', 'temperature']);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('lines have no column for temperature');
  });

  test('the day of samples that are not of today', async () => {
    const machine = openMachine();
    await machine.run(['log', '--file', machine.path('m.log'), '--interval', '6h', '--duration', '30h']);
    const { stdout } = await machine.run(['watch', '--plain', '--file', machine.path('m.log')]);
    const days = stdout.split('\n').filter((line) => /^\d{4}-\d\d-\d\d$/.test(line));
    expect(days.length).toBeGreaterThanOrEqual(2);
    expect([...days].sort()).toEqual(days);
  });

  test('what has no samples is said to have none', async () => {
    const machine = openMachine();
    const of = async (args: readonly string[], stdin = ''): Promise<readonly [number, string]> => {
      const { code, stderr } = await machine.run(['watch', ...args], { stdin });
      return [code, stderr];
    };
    await machine.run(['log', '--file', machine.path('m.log'), '--count', '1']);
    expect(await of(['--file', machine.path('m.log'), '--from', '2100-01-01'])).toEqual([
      1,
      expect.stringContaining('from then on'),
    ]);
    for (const how of ['--plain', '--json', '--once'])
      expect(await of(['-', how], 'not a record\n')).toEqual([1, expect.stringContaining('no samples came')]);
  });

  test('a record a sample', async () => {
    const { stdout } = await openMachine().run(['watch', '--json', '--count', '2']);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ msg, seq }) => [msg, seq])).toEqual([
      ['sample', 1],
      ['sample', 2],
    ]);
    expect(records[0]).toHaveProperty('cpu.used_percent', 20);
  });

  test.each([1, 120])('a sample every %d s, and none in between', async (seconds) => {
    const { stdout } = await openMachine().run([
      'watch',
      '--json',
      '--interval',
      String(seconds),
      '--count',
      '4',
    ]);
    const times = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { time: number }).time);
    // The second reading comes at once, so that there are rates; the others stand on the clock's grid.
    expect(times.slice(1).map((time) => time % (seconds * 1000))).toEqual([0, 0, 0]);
    expect((times[3] as number) - (times[2] as number)).toBe(seconds * 1000);
  });

  test('one screen as text', async () => {
    const { code, stdout } = await openMachine().run(['watch', '--once']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(25);
    expect(stdout).toContain('test-host');
    expect(stdout).not.toContain('q quit');
  });

  test.each([
    [['watch', 'x.log'], 'A log is shown with --file x.log'],
    [['watch', '-', '--file', 'x'], 'a pipe has no past'],
    [['watch', '--only', 'cpi'], 'Did you mean cpu?'],
    [['watch', '--json', '--once'], 'cannot be used with'],
    [['watch', '--from', 'soon'], '"soon" is no time'],
    [['watch', '--interval', '0'], 'at least'],
    [['watch', '--look', 'warn=red'], 'Give a role'],
    [['watch', '--only', 'cpu,files'], 'There are: cpu, memory'],
  ])('%j is refused', async (argv, message) => {
    const { code, stderr } = await openMachine().run(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a panel that there is not is said with its place in the config file', async () => {
    const machine = openMachine();
    const file = machine.path('c.yml');
    writeFileSync(file, 'watch:\n  only: [cpu, memry]\n');
    const { code, stderr } = await machine.run(['watch', '--once', '--config', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:2:`);
    expect(stderr).toContain('Did you mean memory?');
  });
});
