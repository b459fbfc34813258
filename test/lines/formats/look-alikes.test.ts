/** Lines that begin as one format does but are of another. */

import { expect, test } from 'vitest';
import { FORMATS } from '../../../src/lines/formats/index.js';
import { recognise } from '../../../src/lines/recognise.js';

const context = { notAfter: Date.parse('2026-11-21T12:00:00Z'), zone: 0 };

test.each([
  // Brackets around a time of the Common Log Format, but no request after it (HAProxy, a program of one's own).
  [
    '10.0.0.1:4711 [02/Jan/2026:15:04:05.123] front back/web-1 0/0/1/5/6 200 512 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
    'plain',
  ],
  ['worker [02/Jan/2026:15:04:05 +0000] "a quoted thing" and no status', 'plain'],
  // An access log inside syslog, as nginx sends it there.
  [
    '<190>Jan  2 15:04:05 web-1 nginx: 10.0.0.1 - - [02/Jan/2026:15:04:05 +0000] "GET / HTTP/1.1" 200 3 "-" "curl"',
    'syslog',
  ],
  // nginx's time, which is Go's too.
  ['2026/01/02 15:04:05 http: Server closed', 'plain'],
  ['2026/01/02 15:04:05 [error] something else', 'plain'],
  ['2026/01/02 15:04:05 [ERROR] 12#34: not in small letters', 'plain'],
  // Apache's time, which is asctime's.
  ['[Fri Jan 02 15:04:05 2026] usb 1-1: new device', 'plain'],
  ['[Fri Jan 02 15:04:05 2026] [verbose] a level that Apache does not have', 'plain'],
  ['Fri Jan  2 15:04:05 2026 [core:error] [pid 1:tid 2] without the bracket', 'plain'],
  // Seconds since the start of the machine, and Unix time in brackets.
  ['[1767366245] SERVICE ALERT: web-1;HTTP;CRITICAL;HARD;3;refused', 'plain'],
  ['[12.5] a note', 'plain'],
  // What begins with a priority but is the kernel's.
  ['<4>[   12.345678] ACPI: something', 'dmesg'],
  ['<999>1 2026-01-02T15:04:05Z host app - - - off the scale', 'plain'],
  ['<b>1 bold', 'plain'],
  // A time with a month's name, but no syslog after it.
  ['Jan 02, 2026 3:04:05 PM com.example.App main', 'plain'],
  ['Jan  2 15:04:05 ERROR something', 'plain'],
  ['Jan  2 15:04:05 [main] something', 'plain'],
  ['Jan  2 15:04:05 Something happened', 'plain'],
  ['Jan 32 15:04:05 host app: no such day', 'plain'],
  ['May 5 things be with you: all', 'plain'],
  // rsyslog's ISO time, which is everybody's.
  ['2026-01-02T15:04:05Z INFO main: started', 'plain'],
  ['2026-01-02T15:04:05.678Z warn: slow', 'plain'],
  ['2026-01-02T15:04:05.678Z app error: slow', 'plain'],
  ['2026-01-02T15:04:05.678Z 17 worker: started', 'plain'],
  ['2026-01-02T15:04:05.678Z just a sentence', 'plain'],
  ['2026-01-02T15:04:05.678901234Z stdout F app: message', 'cri'],
  // klog's letters and digits.
  ['I1302 15:04:05.678901 1234 main.go:12] no such month', 'plain'],
  ['W0102 is a part number', 'plain'],
  ['I0102 15:04:05.678901 without a place', 'plain'],
  // Words of PostgreSQL with the times of others.
  ['2026-01-02 15:04:05 ERROR:  two spaces, but no zone', 'plain'],
  ['2026-01-02 15:04:05 UTC [12] ERROR: one space', 'plain'],
  ['2026-01-02 15:04:05 UTC [12] Error:  not in capitals', 'plain'],
  // MySQL's time and brackets.
  ['2026-01-02T15:04:05.678901Z 0 [notice] not a word of MySQL', 'plain'],
  ['2026-01-02 15:04:05 [main] INFO  c.e.App - started', 'log4j'],
  ['260102 15:04:05 [Note] InnoDB: of old', 'mysql'],
  ['260132 15:04:05 [Note] InnoDB: no such day', 'plain'],
  // Redis's.
  ['1234:M and more', 'plain'],
  ['1234:Z 02 Jan 2026 15:04:05.678 * no such role', 'plain'],
  // Python's default has no spaces.
  ['ERROR: something: else', 'plain'],
  ['INFO:     127.0.0.1:4711 - "GET / HTTP/1.1" 200 OK', 'plain'],
  ['WARN:root:not a word of Python', 'plain'],
  ['2026-01-02 15:04:05,678 - app - notice - not a word of Python', 'plain'],
  // log4j needs a logger after its thread and its level.
  ['2026-01-02 15:04:05,678 [main] INFO only a message', 'plain'],
  ['15:04:05 [main] nothing more', 'plain'],
  // Text with braces and pairs.
  ['Jan  2 15:04:05 web-1 app[12]: level=warn msg="pairs in syslog"', 'syslog'],
])('%s', (line, name) => {
  expect(recognise([line], context).format.name).toBe(name);
  // Nor does a text format that is asked to read it.
  const TEXTS = 'access nginx-error apache-error dmesg syslog klog postgres mysql redis python log4j'.split(
    ' ',
  );
  // A priority alone makes anything syslog, for who asks for it.
  const reads = TEXTS.filter((text) => FORMATS.get(text)?.parse(line, context) !== undefined);
  if (!line.startsWith('<')) expect(reads).toEqual(TEXTS.includes(name) ? [name] : []);
});
