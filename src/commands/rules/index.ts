/** The registry of `sysmon rules`: a new one is its file and an entry here. Their files are light; what works is loaded when called. */

import type { CommandModule } from '../command.js';
import { define as backtest } from './backtest.js';
import { define as defaults } from './defaults.js';
import { define as lint } from './lint.js';
import { define as test } from './test.js';

export interface RulesCommand {
  readonly name: string;
  readonly summary: string;
  readonly define: CommandModule['define'];
}

export const RULES_COMMANDS: readonly RulesCommand[] = [
  {
    name: 'defaults',
    summary: 'print the rules that check judges by itself as a rule file',
    define: defaults,
  },
  { name: 'lint', summary: 'say what is wrong with rule files, and what looks wrong', define: lint },
  { name: 'test', summary: "run unit tests of rules, promtool's own files", define: test },
  { name: 'backtest', summary: 'say when rules would have fired over the log', define: backtest },
];
