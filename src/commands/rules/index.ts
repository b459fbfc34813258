/** The registry of `sysmon rules`: a new one is its file and an entry here. Their files are light; what works is loaded when called. */

import type { CommandModule } from '../command.js';
import { define as lint } from './lint.js';
import { define as test } from './test.js';

export interface RulesCommand {
  readonly name: string;
  readonly summary: string;
  readonly define: CommandModule['define'];
}

export const RULES_COMMANDS: readonly RulesCommand[] = [
  { name: 'lint', summary: 'say what is wrong with rule files, and what looks wrong', define: lint },
  { name: 'test', summary: "run unit tests of rules, promtool's own files", define: test },
];
