/** A real Prometheus on loopback, given samples of ours. Needs Debian's prometheus. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';

export interface Prometheus {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What its query API answers. */
export interface Answer {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data?: {
    readonly resultType: 'scalar' | 'string' | 'vector' | 'matrix';
    readonly result: unknown;
  };
}

/** A port that nobody listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

/** Puts samples in OpenMetrics's format into a new database in `folder`. */
export const backfill = (folder: string, openMetrics: string): void => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'samples.om');
  writeFileSync(file, openMetrics);
  const { status, stdout, stderr } = spawnSync(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', file, join(folder, 'data')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`promtool took no samples: ${stdout}${stderr}`);
};

/** Starts one over the database in `folder`; `config` is its prometheus.yml. */
export const startPrometheus = async (folder: string, config = 'global: {}\n'): Promise<Prometheus> => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
      '--enable-feature=promql-at-modifier,promql-negative-offset',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(server, 'exit');
  for (let left = 200; ; left--) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) break;
    if (left === 0 || server.exitCode !== null) throw new Error('prometheus does not start');
    await sleep(50);
  }
  return {
    url,
    stop: async () => {
      server.kill('SIGKILL');
      await ended;
    },
  };
};

const post = async (url: string, form: Readonly<Record<string, string>>): Promise<Answer> => {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return (await response.json()) as Answer;
};

/** `time` in ms since 1970. */
export const askAt = ({ url }: Prometheus, query: string, time: number): Promise<Answer> =>
  post(`${url}/api/v1/query`, { query, time: String(time / 1000) });

/** All in ms. */
export const askRange = (
  { url }: Prometheus,
  query: string,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
): Promise<Answer> =>
  post(`${url}/api/v1/query_range`, {
    query,
    start: String(start / 1000),
    end: String(end / 1000),
    step: String(step / 1000),
  });

/** Starts one over these samples before the tests of a file, and takes it away after them. Gives it once they run. */
export const usePrometheus = (openMetrics: () => string): (() => Prometheus) => {
  let folder: string;
  let prometheus: Prometheus | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    backfill(folder, openMetrics());
    prometheus = await startPrometheus(folder);
  }, 60_000);
  afterAll(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => prometheus as Prometheus;
};
