/** Scraping beside Debian's Prometheus: the same configuration file, the same exporter, the same series, values and staleness. */

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listScraped } from '../../src/logs/scraped/place.js';
import { ExpositionError, parseExposition, rememberExposition } from '../../src/scrape/exposition.js';
import { temporaryFolder } from '../logs/bench-log.js';
import { mutations } from '../scrape/mutations.js';
import {
  type Answer,
  askPrometheus,
  differsInOld,
  OPEN_METRICS,
  ownAt,
  readOwn,
  serve,
  sorted,
  startBoth,
  TEXT,
} from './beside-prometheus.js';
import { has, SYSMON, samplesOf } from './sysmon.js';

const GOOD = [
  '# HELP requests_total Requests.',
  '# TYPE requests_total counter',
  'requests_total{code="200",job="mine",path="a\\\\b\\"c\\nd"} 10',
  'requests_total{code="500"} 2',
  'special{of="nan"} NaN',
  'special{of="inf"} +Inf',
  'special{of="low"} -Inf',
  'special{of="zero"} -0',
  'small 5e-324',
  'exact 0.30000000000000004',
  'empty{gone=""} 1',
  'h_bucket{le="0.1"} 1',
  'h_bucket{le="+Inf"} 2',
  'h_sum 0.7',
  'h_count 2',
  'twice 1',
  'twice 1',
  '',
].join('\n');

const EXEMPLARS =
  '# TYPE om counter\nom_total{a="b"} 5 # {trace="x"} 1 1700000000.5\nom_created{a="b"} 1.7e9\n# UNIT s_seconds seconds\ns_seconds 3\n# EOF\n';

describe.skipIf(!has('prometheus'))('beside Prometheus', () => {
  test('what is scraped, renamed, stale and up is the same at every moment', async () => {
    let phase = 0;
    const phases: readonly ((path: string) => Answer)[] = [
      () => ({ body: GOOD }),
      () => ({
        body: GOOD.split('\n')
          .filter((line) => !line.startsWith('special'))
          .join('\n')
          .replace('} 10', '} 25'),
      }),
      () => ({ status: 500, body: GOOD }),
      () => ({ body: `${GOOD}not an exposition {\n` }),
      () => ({ body: `${GOOD}late 1\n` }),
    ];
    const address = await serve((path) => {
      if (path === '/openmetrics') return { type: OPEN_METRICS, body: EXEMPLARS };
      if (path === '/stamped') return { body: `stamped 7 ${Date.now() - 500}\nplain ${phase}\n` };
      return (phases[phase] as (path: string) => Answer)(path);
    });
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'targets'));
    writeFileSync(join(folder, 'password'), 'hidden\n');
    const group = join(folder, 'targets', 'a.json');
    writeFileSync(group, JSON.stringify([{ targets: [address], labels: { from: 'file' } }]));
    const both = await startBoth(
      folder,
      `
global: {scrape_interval: 1s, scrape_timeout: 900ms, external_labels: {site: x}}
scrape_configs:
  - job_name: app
    static_configs: [{targets: ["${address}"], labels: {env: prod, code: mine}}]
  - job_name: honest
    honor_labels: true
    static_configs: [{targets: ["${address}"], labels: {code: mine, instance: web}}]
  - job_name: open metrics/1
    metrics_path: /openmetrics
    static_configs: [{targets: ["${address}"]}]
  - job_name: stamped
    metrics_path: /stamped
    static_configs: [{targets: ["${address}"]}]
  - job_name: unstamped
    metrics_path: /stamped
    honor_timestamps: false
    static_configs: [{targets: ["${address}"]}]
  - job_name: secret
    metrics_path: /secret
    params: {who: [a, b]}
    basic_auth: {username: me, password_file: password}
    static_configs: [{targets: ["${address}"]}]
  - job_name: closed
    metrics_path: /secret
    static_configs: [{targets: ["${address}", "127.0.0.1:1"]}]
  - job_name: files
    file_sd_configs: [{files: [targets/*.json], refresh_interval: 1s}]
`,
    );
    const moments: number[] = [];
    await sleep(3000);
    for (phase = 0; phase < phases.length; phase++) {
      await sleep(3500);
      moments.push(Date.now());
    }
    phase = phases.length - 1;
    writeFileSync(group, '[]');
    // Prometheus waits five seconds for more changes, and then two intervals for the target to come back.
    await sleep(11_000);
    moments.push(Date.now());
    both.sysmon.kill('SIGTERM');
    await new Promise((resolve) => both.sysmon.once('exit', resolve));
    const own = await readOwn(both);
    let compared = 0;
    for (const [index, moment] of moments.entries()) {
      const wanted = sorted(await askPrometheus(both, '{job!=""}', moment));
      expect(sorted(ownAt(own, moment)), `moment ${index}`).toEqual(wanted);
      compared += wanted.length;
    }
    expect(compared).toBeGreaterThan(400);
    for (const { path } of listScraped(both.log)) expect(readFileSync(path, 'utf8')).not.toContain('hidden');
  });

  test('what is no exposition to one is none to the other', async () => {
    const odd = [
      '# TYPE a  counter\na 1\n',
      '# TYPE a counter \na 1\n',
      '# TYPE a\tcounter\na 1\n',
      '# TYPE  a counter\na 1',
      '# TYPE a\na 1\n',
    ]
      .concat([
        '# HELP a\na 1\n',
        '#\tHELP a b\na 1\n',
        'a 1 -5\n',
        'a 1 9999999999999999\n',
        'a{}1\n',
        ' a { x = "1" , } 2 \n',
        'a{,} 1\n',
        'a\t1\n',
      ])
      .concat([
        'a 0x10\n',
        'a 1_0\n',
        'a 0x1p3\n',
        'a 1e999\n',
        'a +Inf\n',
        'a infinity\n',
        'a +nan\n',
        'a 1\r\n',
        '\na 1\n\n',
        'a 1\n\t\n',
        'a{x="1",x="2"} 1\n',
      ])
      .concat([
        'a{x="1" y="2"} 1\n',
        '{x="1"} 1\n',
        '{__name__="b"} 1\n',
        'a{__name__="b"} 1\n',
        'a{a:b="1"} 1\n',
        'a:b 1\n',
        'a 1 2 3\n',
        "a{x='1'} 1\n",
        'a{x="\\x"} 1\n',
      ])
      .concat([
        'a 1 2\n# EOF\n',
        'a 1 NaN\n# EOF\n',
        'a 1 1e3\n# EOF\n',
        'a 1\n# EOF',
        'a 1\n# EOF\nx',
        '# TYPE a counter\na_total 1\n# EOF\n',
        'a 1 # {} 2\n# EOF\n',
      ])
      .concat([
        'a 1 # {x="1"} 2 3\n# EOF\n',
        'a 1 2 # {x="1"}\n# EOF\n',
        'a{x="1" } 1\n# EOF\n',
        '# UNIT a s\n# EOF\n',
        '# UNIT a_s s\n# EOF\n',
        '# EOF\n',
        '',
        '# HELP a\n# EOF\n',
      ])
      .concat([
        '# TYPE a unknown \n# EOF\n',
        'a  1\n# EOF\n',
        'a 1 \n# EOF\n',
        'a 1\n\n# EOF\n',
        '# x\n# EOF\n',
      ]);
    const bodies = [...odd, ...mutations(600, 7)].filter(
      (body) => body.isWellFormed() && !body.includes('\0') && !body.includes('{"') && !differsInOld(body),
    );
    const address = await serve((path) => {
      const [, format, index] = path.split('/');
      return { type: format === 'om' ? OPEN_METRICS : TEXT, body: bodies[Number(index)] as string };
    });
    const folder = temporaryFolder();
    const groups = ['text', 'om'].flatMap((format) =>
      bodies.map(
        (_, index) =>
          `  - {targets: ["${address}"], labels: {__metrics_path__: /${format}/${index}, case: ${format}-${index}}}`,
      ),
    );
    const both = await startBoth(
      folder,
      `global: {scrape_interval: 5s}\nscrape_configs:\n- job_name: cases\n  static_configs:\n${groups.join('\n')}\n`,
    );
    await sleep(11_000);
    const now = Date.now();
    const [theirs, ours] = [await askPrometheus(both, 'up', now), ownAt(await readOwn(both), now)];
    expect(theirs.size).toBe(groups.length);
    const differing = [...theirs]
      .filter(([key, up]) => ours.get(key) !== up)
      .map(([key, up]) => {
        const [, format, index] = /"(text|om)-(\d+)"/.exec(key) ?? [];
        return { up, format, body: bodies[Number(index)] };
      });
    expect(differing).toEqual([]);
    expect([...theirs.values()].filter((up) => up === '1').length).toBeGreaterThan(50);
  });
});

describe('the vitals', () => {
  test('keep to their times, whatever the targets do', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      silent.close();
    });
    const { port } = silent.address() as { readonly port: number };
    const large = Array.from({ length: 20_000 }, (_, index) => `m{i="${index}"} ${index}\n`).join('');
    const address = await serve((path) =>
      path === '/large' ? { body: large } : { body: '\u0000{{{garbage'.repeat(1e5) },
    );
    const log = join(temporaryFolder(), 'sysmon.log');
    const words = ['hung', 'garbage', 'large'].flatMap((name) => [
      '--scrape',
      `${name}=http://${name === 'hung' ? `127.0.0.1:${port}` : address}/${name}`,
    ]);
    const pace = ['--interval', '0.5', '--duration', '8', '--scrape-interval', '1', '--scrape-timeout', '1'];
    const child = spawn(process.execPath, [SYSMON, 'log', '--file', log, ...pace, ...words], {
      stdio: 'ignore',
    });
    await new Promise((resolve) => child.once('exit', resolve));
    const times = samplesOf(readFileSync(log, 'utf8')).map(({ time }) => time);
    expect(times.length).toBeGreaterThanOrEqual(15);
    // None is missed: each stands in a half second of its own.
    const slots = times.slice(1).map((time) => Math.floor(time / 500));
    expect(slots).toEqual(slots.map((_, index) => (slots[0] as number) + index));
    expect(listScraped(log).map(({ job }) => job)).toEqual(['garbage', 'hung', 'large']);
    expect(readFileSync(join(log, '..', 'scrape-hung.log'), 'utf8')).toContain('no answer within 1 s');
  });
});

describe('whatever comes', () => {
  test('a hundred thousand texts are read or refused', () => {
    let refused = 0;
    for (const body of mutations(100_000, 99))
      for (const format of ['text', 'openmetrics'] as const)
        try {
          parseExposition(body, format, rememberExposition(), () => 0);
        } catch (error) {
          if (!(error instanceof ExpositionError)) throw error;
          refused++;
        }
    expect(refused).toBeGreaterThan(50_000);
  });
});
