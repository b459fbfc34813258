/** `sysmon rules`: Prometheus's rule files, looked at and tried. Each thing to do with them is a command of its own below. */

import { type CommandModule, examples } from './command.js';
import { RULES_COMMANDS } from './rules/index.js';

export const define: CommandModule['define'] = (command, run, world) => {
  for (const { name, summary, define: defineOne } of RULES_COMMANDS) {
    const one = command.command(name).description(summary);
    defineOne(one, (action) => run(action, one), world);
  }
  command.addHelpText(
    'after',
    examples(
      ['sysmon rules lint alerts.yml', 'would Prometheus load it, and is it meant so?'],
      ['sysmon rules lint --strict rules/*.yml', 'in CI: what looks wrong counts as well'],
      ['sysmon rules test tests.yml', "promtool's unit tests, unchanged"],
      ['sysmon rules backtest alerts.yml --since 7d', 'when they would have fired'],
    ),
  );
};
