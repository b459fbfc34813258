/** Rules as people write them, over what is scraped of their application: they fire when it goes wrong, and recover. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOG_LIMITS } from '../../src/logs/log-writer.js';
import { openScrapeWriter } from '../../src/logs/scraped/writer.js';
import { JOB_DEFAULTS, jobFromUrl } from '../../src/scrape/job.js';
import { scrapeTarget } from '../../src/scrape/loop.js';
import { targetFrom } from '../../src/scrape/target.js';
import { fakeClock, sysmon } from '../world.js';

const rulesFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/rules/${name}`, import.meta.url));
const AS_WRITTEN = rulesFile('users-own.yml');
const MENDED = rulesFile('users-own-mended.yml');

const START = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const MINUTES = 45;

const folder = mkdtempSync(join(tmpdir(), 'sysmon-users-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How much of a counter there is after some minutes, that grows by so much a second between two of them. */
const grown = (minute: number, from: number, to: number, perSecond: number): number =>
  Math.max(0, Math.min(minute, to) - from) * 60 * perSecond;

const BOUNDS = [0.1, 0.5, 1, 2.5, 5] as const;

/** The application: from the 10th to the 20th minute it fails, is slow, holds connections and is being attacked. */
const exposition = (minute: number): string => {
  const ok = minute * 60 * 5;
  const slow = grown(minute, 10, 20, 2);
  const failed = 3 + grown(minute, 10, 20, 0.5);
  const buckets = BOUNDS.map(
    (le) => `http_request_duration_seconds_bucket{le="${le}"} ${Math.round(ok + (le >= 5 ? slow : 0))}`,
  );
  return `# TYPE http_requests_total counter
http_requests_total{status="200",path="/"} ${Math.round(ok)}
http_requests_total{status="500",path="/"} ${Math.round(failed)}
# TYPE http_request_duration_seconds histogram
${buckets.join('\n')}
http_request_duration_seconds_bucket{le="+Inf"} ${Math.round(ok + slow)}
http_request_duration_seconds_sum ${Math.round(ok * 0.05 + slow * 4)}
http_request_duration_seconds_count ${Math.round(ok + slow)}
# TYPE database_connections gauge
database_connections ${minute >= 10 && minute < 20 ? 95 : 20}
# TYPE security_events_total counter
security_events_total{event_type="failed_login"} ${Math.round(7 + grown(minute, 10, 12, 0.5))}
security_events_total{event_type="login"} ${Math.round(minute)}
`;
};

beforeAll(async () => {
  const clock = fakeClock(START);
  const stop = new AbortController();
  const job = jobFromUrl('shop=http://127.0.0.1:8000/metrics', JOB_DEFAULTS.interval, JOB_DEFAULTS.timeout);
  const target = targetFrom(job, '127.0.0.1:8000', {});
  const writer = await openScrapeWriter({
    path: join(folder, 'scrape-shop.log'),
    job: job.name,
    host: 'test-host',
    honorsLabels: false,
    limits: LOG_LIMITS,
    clock,
    uid: undefined,
    lock: { pid: process.pid, isRunning: () => true },
    say: () => {},
  });
  await scrapeTarget({
    job,
    target,
    clock,
    once: false,
    stop: stop.signal,
    say: () => {},
    sink: writer.openTarget({ name: target.name, labels: target.labels, interval: job.interval }),
    fetcher: {
      close: () => {},
      get: async () => {
        const minute = (clock.now() - START) / MINUTE;
        if (minute > MINUTES) stop.abort();
        return { body: Buffer.from(exposition(minute)), contentType: 'text/plain; version=0.0.4' };
      },
    },
  });
  await writer.close({ finish: true });
});

interface Active {
  readonly name: string;
  readonly phase: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const check = async (rules: string, minute: number) => {
  const { code, stdout, stderr } = await sysmon(
    ['check', '--rules', rules, '--file', join(folder, 'sysmon.log'), '--json'],
    { clock: fakeClock(START + minute * MINUTE) },
  );
  expect(stderr).toBe('');
  const { active } = JSON.parse(stdout).alerts as { readonly active: readonly Active[] };
  const names = (phase: string): readonly string[] =>
    active
      .filter((alert) => alert.phase === phase)
      .map(({ name }) => name)
      .sort();
  return { code, firing: names('firing'), pending: names('pending'), active };
};

describe('the rules as they stand', () => {
  test('are quiet while all is well', async () => {
    expect(await check(AS_WRITTEN, 9)).toMatchObject({ code: 0, firing: [], pending: [] });
  });

  test('fire one after the other', async () => {
    expect(await check(AS_WRITTEN, 11)).toMatchObject({
      code: 0,
      pending: ['DatabaseConnectionHigh', 'SecurityBreach'],
    });
    const { code, firing, active } = await check(AS_WRITTEN, 15);
    expect({ code, firing }).toEqual({
      code: 2,
      firing: ['DatabaseConnectionHigh', 'HighErrorRate', 'SecurityBreach'],
    });
    const said = Object.fromEntries(
      active.map(({ name, annotations }) => [name, annotations['description']]),
    );
    expect(said['DatabaseConnectionHigh']).toBe('Database connections: 95');
    expect(said['HighErrorRate']).toMatch(/^Error rate is 0\.\d+ errors per second$/);
    expect(said['SecurityBreach']).toMatch(/^\d+\.?\d* failed login attempts in 5 minutes$/);
  });

  test('recover', async () => {
    expect(await check(AS_WRITTEN, 18)).toMatchObject({
      code: 2,
      firing: ['DatabaseConnectionHigh', 'HighErrorRate'],
    });
    expect(await check(AS_WRITTEN, 22)).toMatchObject({ code: 2, firing: ['HighErrorRate'] });
    expect(await check(AS_WRITTEN, 30)).toMatchObject({ code: 0, firing: [], pending: [] });
  });
});

describe('the quantile that lacks its rate and its buckets', () => {
  test('is said by lint, with the right form', async () => {
    const { code, stdout } = await sysmon(['rules', 'lint', AS_WRITTEN]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
    );
    expect((await sysmon(['rules', 'lint', MENDED])).stdout).not.toContain('warning');
  });

  test('is named as without data, since there is no such series', async () => {
    const { stdout } = await sysmon(['check', '--rules', AS_WRITTEN, '--file', join(folder, 'sysmon.log')], {
      clock: fakeClock(START + 9 * MINUTE),
    });
    expect(stdout).toContain('without data: HighResponseTime (http_request_duration_seconds)');
  });

  test('fires in its right form, and recovers', async () => {
    expect((await check(MENDED, 14)).pending).toEqual(['HighResponseTime']);
    expect(await check(MENDED, 18)).toMatchObject({
      code: 2,
      firing: ['DatabaseConnectionHigh', 'HighErrorRate', 'HighResponseTime'],
    });
    expect(await check(MENDED, 30)).toMatchObject({ code: 0, firing: [] });
  });
});

test('the rules differ by that expression alone', () => {
  const [a, b] = [AS_WRITTEN, MENDED].map((file) => readFileSync(file, 'utf8').split('\n')) as [
    string[],
    string[],
  ];
  expect(a.filter((line, index) => line !== b[index])).toHaveLength(1);
});
