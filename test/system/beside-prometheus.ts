/** Prometheus and sysmon on one configuration file, and what each of them has at a moment. */

import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { listScraped } from '../../src/logs/scraped/place.js';
import { openScraped } from '../../src/logs/scraped/source.js';
import type { Series } from '../../src/promql/series.js';
import { SYSMON } from './sysmon.js';

export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

export const TEXT = 'text/plain; version=0.0.4';
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

/** Answers by path; where a secret is asked for, to who knows it. */
export const serve = async (answer: (path: string) => Answer): Promise<string> => {
  const server = createServer(({ url = '', headers }, response) => {
    const path = url.split('?')[0] as string;
    const asksSecret = path === '/secret';
    const isKnown = headers.authorization === `Basic ${Buffer.from('me:hidden').toString('base64')}`;
    if (asksSecret && !(isKnown && url.includes('who=a&who=b'))) {
      response.writeHead(401).end();
      return;
    }
    const { status = 200, type = TEXT, body } = answer(path);
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/**
 * What this old Prometheus does otherwise: blanks before a name are a part of it, names stand in no label, and in OpenMetrics
 * no comma may end the labels, and exemplars are for counters and buckets alone.
 */
export const differsInOld = (body: string): boolean =>
  /(?:^|\n)[ \t]+[a-zA-Z_:{]/.test(body) ||
  body.includes('{__name__') ||
  body.includes(',}') ||
  body.split('\n').some((line) => line.includes(' # {') && !/^\w+_(?:total|bucket)[ {]/.test(line));

export interface Both {
  readonly folder: string;
  readonly log: string;
  readonly sysmon: ChildProcess;
  readonly prometheus: string;
}

export const startBoth = async (folder: string, config: string): Promise<Both> => {
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, config);
  const log = join(folder, 'sysmon.log');
  const port = await freePort();
  const start = (command: string, words: readonly string[]): ChildProcess => {
    const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'ignore'] });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    return child;
  };
  start('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'tsdb')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const sysmon = start(process.execPath, [
    SYSMON,
    'log',
    '--file',
    log,
    '--interval',
    '1',
    '--prometheus-config',
    file,
  ]);
  const prometheus = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(`${prometheus}/-/ready`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      break;
    await sleep(100);
  }
  return { folder, log, sysmon, prometheus };
};

/** Labels as one text → value. */
export type Values = ReadonlyMap<string, string>;

export const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** These depend on the moment. */
export const UNEQUAL = new Set(['scrape_duration_seconds', 'scrape_series_added']);

export const askPrometheus = async ({ prometheus }: Both, query: string, time: number): Promise<Values> => {
  const url = `${prometheus}/api/v1/query?query=${encodeURIComponent(query)}&time=${time / 1000}`;
  const { data } = (await (await fetch(url)).json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return new Map(
    data.result
      .filter(({ metric }) => !UNEQUAL.has(metric['__name__'] ?? ''))
      .map(({ metric, value }) => [keyOf(metric), value[1]]),
  );
};

export const LOOKBACK = 300_000;

/** What a selector gives at a moment: the newest sample that is not too old, unless the series ended since. */
export const valueAt = ({ times, values, ends }: Series, time: number): number | undefined => {
  const last = times.findLastIndex((one) => one <= time);
  const at = times[last];
  if (at === undefined || at <= time - LOOKBACK) return undefined;
  return ends.some((end) => end > at && end <= time) ? undefined : values[last];
};

export const write = (value: number): string =>
  value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : Object.is(value, -0) ? '-0' : String(value);

export const readOwn = async ({ log }: Both): Promise<readonly Series[]> => {
  const selection = { matchers: [], since: 0, until: Date.now() };
  return (await openScraped(listScraped(log)).load([selection])).select(selection);
};

export const ownAt = (all: readonly Series[], time: number): Values => {
  const found = new Map<string, string>();
  for (const series of all) {
    const labels = Object.fromEntries(
      series.labels.names.map((name, index) => [name, series.labels.values[index] as string]),
    );
    const value = valueAt(series, time);
    if (value !== undefined && !UNEQUAL.has(labels['__name__'] ?? '')) found.set(keyOf(labels), write(value));
  }
  return found;
};

export const sorted = (values: Values): readonly (readonly [string, string])[] =>
  [...values].map(([key, value]) => [key, String(Number(value.replace('Inf', 'Infinity')))] as const).sort();
