/** Scraping from a server on loopback, as the log's files then have it. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createFetcher } from '../../src/scrape/fetch.js';
import { JOB_DEFAULTS, type ScrapeJob } from '../../src/scrape/job.js';
import type { ScrapeResult } from '../../src/scrape/loop.js';
import { startScraper } from '../../src/scrape/scraper.js';
import { offsetOf, scrapedLabels, targetFrom, targetsOf } from '../../src/scrape/target.js';
import { temporaryFolder } from '../logs/bench-log.js';
import { sysmon, testWorld } from '../world.js';
import { openExporter } from './exporter.js';

const job = (more: Partial<ScrapeJob> = {}): ScrapeJob => ({ ...JOB_DEFAULTS, name: 'app', ...more });

interface Got extends Omit<ScrapeResult, 'series' | 'values'> {
  readonly values: Readonly<Record<string, number>>;
}

/** Scrapes each target once; gives what came of it, by instance. */
const scrapeOnce = async (...jobs: ScrapeJob[]): Promise<{ got: Map<string, Got>; said: string[] }> => {
  const got = new Map<string, Got>();
  const said: string[] = [];
  const scraper = startScraper({
    jobs,
    clock: testWorld().world.clock,
    userAgent: 'sysmon/test',
    once: true,
    say: (message) => said.push(message),
    openSink: (_, { name, labels }) => {
      const ids: string[] = [];
      return {
        seriesOf: (_family, own) => {
          const { __name__, ...others } = { ...labels, ...own };
          const text = Object.entries(others)
            .filter(([label]) => label !== 'job' && label !== 'instance')
            .map(([label, value]) => `${label}=${value}`);
          return ids.push([__name__, ...text].join(' ')) - 1;
        },
        edition: () => 0,
        write: ({ series, values, ...rest }) => {
          const pairs = Array.from(series, (id, index) => [ids[id] as string, values[index] as number]);
          got.set(name, { ...rest, values: Object.fromEntries(pairs) });
        },
        end: () => {},
      };
    },
  });
  await scraper.done;
  return { got, said };
};

const errorOf = async (more: Partial<ScrapeJob>): Promise<string | undefined> =>
  [...(await scrapeOnce(job(more))).got.values()][0]?.error;

describe('an answer', () => {
  test('is read by its content type, and asked for with what the job says', async () => {
    const exporter = await openExporter('# TYPE a counter\na_total{x="1"} 5\n# EOF\n');
    exporter.contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
    const groups = [{ targets: [exporter.address], labels: { env: 'prod' } }];
    const { got } = await scrapeOnce(
      job({
        groups,
        metricsPath: '/m',
        params: [['p', ['1', '2']]],
        credentials: { kind: 'basic', username: () => 'u', password: () => 'pä' },
      }),
    );
    expect(got.get(exporter.address)?.values).toEqual({ 'a_total env=prod x=1': 5 });
    const [request] = exporter.requests;
    expect(request?.url).toBe('/m?p=1&p=2');
    expect(request?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('u:pä').toString('base64')}`,
      'user-agent': 'sysmon/test',
      'x-prometheus-scrape-timeout-seconds': '10',
      accept: expect.stringMatching(/^application\/openmetrics-text;version=1\.0\.0/) as string,
    });
  });

  test('may be compressed, and come by redirects; another host is not told the secret', async () => {
    const other = await openExporter((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' });
      response.end(gzipSync('up_here 1\n'));
    });
    const first = await openExporter((_, response) => {
      response.writeHead(302, { location: other.url });
      response.end();
    });
    const groups = [{ targets: [first.address], labels: {} }];
    const credentials = { kind: 'token', type: 'Bearer', credentials: () => 'secret' } as const;
    const { got } = await scrapeOnce(job({ groups, credentials }));
    expect(got.get(first.address)?.values).toEqual({ up_here: 1 });
    expect(first.requests[0]?.headers.authorization).toBe('Bearer secret');
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    expect(await errorOf({ groups, followRedirects: false })).toBe('server returned HTTP status 302 Found');
  });

  test('that is none is a reason, in words', async () => {
    const exporter = await openExporter('a 1\nb{ 2\n');
    const groups = [{ targets: [exporter.address], labels: {} }];
    expect(await errorOf({ groups })).toMatch(/^line 2: expected a label's name, found "2"/);
    exporter.answer = 'a 1\nb 2\n';
    expect(await errorOf({ groups, sampleLimit: 1 })).toBe('sample limit exceeded');
    expect(await errorOf({ groups, bodyLimit: 5 })).toBe('body size limit of 5 bytes exceeded');
    exporter.contentType = 'text/html';
    expect(await errorOf({ groups })).toBe('"text/html" is not the content type of metrics');
    exporter.answer = (_, response) => response.writeHead(500).end();
    expect(await errorOf({ groups })).toBe('server returned HTTP status 500 Internal Server Error');
    exporter.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end(Buffer.from([0x61, 0xff, 0x20, 0x31, 0x0a]));
    };
    expect(await errorOf({ groups })).toBe('the answer is not UTF-8');
    exporter.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end('no gzip');
    };
    expect(await errorOf({ groups })).toMatch(/^gzip: /);
    exporter.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end(gzipSync('x'.repeat(1e6)));
    };
    expect(await errorOf({ groups, bodyLimit: 100_000 })).toBe('body size limit of 100000 bytes exceeded');
    exporter.close();
    expect(await errorOf({ groups })).toBe('connection refused');
  });

  test('that does not come is given up after the timeout', async () => {
    const hung = await openExporter(() => {});
    const half = await openExporter((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('a 1\n');
    });
    const groups = [{ targets: [hung.address, half.address], labels: {} }];
    const { got } = await scrapeOnce(job({ groups, timeout: 0.05 }));
    expect([...got.values()].map(({ error }) => error)).toEqual([
      'no answer within 0.05 s',
      'no answer within 0.05 s',
    ]);
  });

  test('a secret that cannot be read is a reason, and is not in it', async () => {
    const credentials = {
      kind: 'token',
      type: 'Bearer',
      credentials: () => {
        throw Object.assign(new Error('x'), { code: 'ENOENT' });
      },
    } as const;
    expect(await errorOf({ groups: [{ targets: ['127.0.0.1:1'], labels: {} }], credentials })).toBe(
      'cannot read its credentials: no such file or directory',
    );
  });

  test('a connection is used again', async () => {
    const exporter = await openExporter('a 1\n');
    const fetcher = createFetcher(job(), 'x');
    const stop = new AbortController().signal;
    await fetcher.get(new URL(exporter.url), stop);
    await fetcher.get(new URL(exporter.url), stop);
    expect(exporter.requests[0]?.socket).toBe(exporter.requests[1]?.socket);
    fetcher.close();
  });
});

describe('labels', () => {
  const target = { job: 'app', instance: 'h:1', env: '' };
  const of = (honor: boolean, ...labels: [string, string][]) => scrapedLabels('m', labels, target, honor);

  test('of the target go before those that are scraped, which are renamed', () => {
    expect(of(false, ['job', 'x'], ['exported_job', 'y'], ['a', ''])).toEqual({
      __name__: 'm',
      exported_exported_job: 'x',
      exported_job: 'y',
    });
  });

  test('or after them, where the job honours labels; an empty one takes the target’s away', () => {
    expect(of(true, ['job', 'x'], ['instance', ''], ['a', ''])).toEqual({
      __name__: 'm',
      job: 'x',
      instance: '',
    });
  });

  test('with two underscores are for finding the target', () => {
    const { url, labels } = targetFrom(job(), 'h:1', {
      __scheme__: 'https',
      __metrics_path__: '/x',
      __param_q: 'a b',
      __meta_y: 'z',
      instance: 'web',
    });
    expect(url.href).toBe('https://h:1/x?q=a+b');
    expect(labels).toEqual({ job: 'app', instance: 'web' });
  });

  test('targets that are the same are one, and no two have one name', () => {
    const groups = [
      { targets: ['h:1', 'h:1', 'h:x y'], labels: {} },
      { targets: ['h:1'], labels: { __metrics_path__: '/other' } },
    ];
    const said: string[] = [];
    expect(targetsOf(job(), groups, (text) => said.push(text)).map(({ name }) => name)).toEqual([
      'h:1 /metrics',
      'h:1 /other',
    ]);
    expect(said).toEqual(['job app: "h:x y" is not a valid address']);
  });

  test('targets are spread over the interval', () => {
    const quarters = new Set(Array.from({ length: 40 }, (_, index) => Math.floor(offsetOf(`h:${index}`, 4))));
    expect([...quarters].sort()).toEqual([0, 1, 2, 3]);
  });
});

describe('while it runs', () => {
  test('a target that fails is told of once, and one that hangs delays no other', async () => {
    const good = await openExporter('a 1\n');
    const bad = await openExporter('nonsense\n');
    const hung = await openExporter(() => {});
    const said: string[] = [];
    const written: [string, number][] = [];
    const ended: string[] = [];
    const scraper = startScraper({
      jobs: [
        job({
          // Long enough for a machine that has much else to do.
          interval: 0.25,
          timeout: 0.25,
          groups: [{ targets: [good.address, bad.address], labels: {} }],
        }),
        job({ name: 'slow', interval: 30, timeout: 30, groups: [{ targets: [hung.address], labels: {} }] }),
      ],
      clock: testWorld().world.clock,
      userAgent: 'x',
      once: false,
      say: (message) => said.push(message),
      openSink: (_, { name }) => ({
        seriesOf: () => 0,
        edition: () => 0,
        write: ({ series }) => written.push([name, series.length]),
        end: () => ended.push(name),
      }),
    });
    while (written.filter(([name]) => name === good.address).length < 3) await sleep(5);
    expect(said).toEqual([
      expect.stringContaining(`http://${bad.address}/metrics (job app) cannot be scraped: line 1`),
    ]);
    bad.answer = 'b 1\n';
    while (said.length < 2) await sleep(5);
    expect(said[1]).toBe(`http://${bad.address}/metrics (job app) answers again`);
    scraper.stop();
    await scraper.done;
    expect(ended.sort()).toEqual([good.address, bad.address, hung.address].sort());
    // Nothing is said of a scrape that was cut off by the end.
    expect(written.some(([name]) => name === hung.address)).toBe(false);
  });

  test('targets come and go with their files', async () => {
    const [one, two] = [await openExporter('a 1\n'), await openExporter('a 1\n')];
    const folder = temporaryFolder();
    const file = join(folder, 'a.json');
    const list = (...targets: string[]) =>
      writeFileSync(file, JSON.stringify([{ targets, labels: { from: 'file' } }]));
    list(one.address);
    const said: string[] = [];
    const ended: string[] = [];
    const begun: string[] = [];
    const scraper = startScraper({
      jobs: [job({ interval: 0.02, timeout: 0.02, files: [join(folder, '*.json')], refresh: 0.01 })],
      clock: testWorld().world.clock,
      userAgent: 'x',
      once: false,
      say: (message) => said.push(message),
      openSink: (_, { name, labels }) => {
        begun.push(`${name} ${labels['from']}`);
        return { seriesOf: () => 0, edition: () => 0, write: () => {}, end: () => ended.push(name) };
      },
    });
    while (one.requests.length < 2) await sleep(5);
    list(two.address);
    while (two.requests.length < 2) await sleep(5);
    expect(begun).toEqual([`${one.address} file`, `${two.address} file`]);
    expect(ended).toEqual([one.address]);
    writeFileSync(file, '[{"targets": 1}]');
    while (said.length === 0) await sleep(5);
    expect(said[0]).toMatch(/a\.json:1:14: targets: expected a list; its targets stay as they were$/);
    expect(ended).toEqual([one.address]);
    scraper.stop();
    await scraper.done;
  });
});

describe('sysmon log --scrape', () => {
  const log = (folder: string, ...words: string[]) =>
    sysmon(['log', '--file', join(folder, 'sysmon.log'), '--only', 'load', ...words]);

  test('once, for cron: its answer stands in a file beside the log', async () => {
    const exporter = await openExporter('# HELP a What a is.\n# TYPE a gauge\na{job="x"} 1.5\n');
    const folder = temporaryFolder();
    expect(await log(folder, '--count', '1', '--scrape', `app=${exporter.url}`)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const { parseLines } = await import('../commands/machine.js');
    const { readFileSync } = await import('node:fs');
    const lines = parseLines(readFileSync(join(folder, 'scrape-app.log'), 'utf8'));
    expect(lines.map(({ msg }) => msg)).toEqual(['job', 'scrape']);
    expect(lines[1]).toMatchObject({
      target: exporter.address,
      up: 1,
      labels: { job: 'app', instance: exporter.address },
      metrics: [{ name: 'a', type: 'gauge', help: 'What a is.', series: [{ exported_job: 'x' }] }],
      values: [1.5],
    });
  });

  test('a target that is not there ends nothing', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await log(folder, '--count', '1', '--scrape', 'http://127.0.0.1:1/');
    expect(code).toBe(0);
    expect(stderr).toBe(
      'sysmon log: http://127.0.0.1:1/metrics (job 127.0.0.1:1) cannot be scraped: connection refused\n',
    );
  });

  test.each([
    [['--scrape', 'ftp://x/'], '--scrape: only http and https are scraped, not ftp'],
    [['--scrape', 'nothing'], '--scrape nothing is no URL'],
    [['--scrape', 'http://u:secret@h/metrics'], '--scrape: the URL of h has a password in it'],
    [
      ['--scrape', 'http://h:1/', '--scrape-interval', '1s', '--scrape-timeout', '2s'],
      '--scrape-timeout is longer',
    ],
    [['--scrape', 'http://h:1/', '--scrape-keep', 'x=3'], '--scrape-keep: there is no job "x"'],
    [['--scrape', 'http://h:1/', '--scrape-keep', 'many'], 'Give a whole number'],
    [['--prometheus-config', '/nowhere.yml'], 'cannot read /nowhere.yml: no such file or directory'],
  ])('%j is a mistake', async (words, message) => {
    const { code, stderr } = await log(temporaryFolder(), '--count', '1', ...words);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
  });

  test('into standard output is one too', async () => {
    const { code, stderr } = await sysmon([
      'log',
      '--file',
      '-',
      '--count',
      '1',
      '--scrape',
      'http://127.0.0.1:1/',
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('standard output has none')]);
  });

  test('shows its options as they were given', async () => {
    const { stdout } = await log(
      temporaryFolder(),
      '--scrape',
      'a=http://h/',
      '--scrape-keep',
      'a=3',
      '--print-config',
    );
    expect(stdout).toContain('scrape:\n    - a=http://h/\n');
    expect(stdout).toContain('scrape-keep:\n    - a=3\n');
  });
});
