/** `sysmon rules defaults`: the rules that `sysmon check` judges by itself, as a rule file for Prometheus. */

import type { CommandModule } from '../command.js';
import { examples } from '../command.js';

export const define: CommandModule['define'] = (command, run, world) => {
  command.addHelpText(
    'after',
    `\n${examples(
      ['sysmon rules defaults > /etc/prometheus/sysmon.yml', 'for a Prometheus that scrapes node_exporter'],
      ['sysmon rules defaults > own.yml', 'to begin with, and to change'],
    )}`,
  );
  run(async () => {
    const [{ DEFAULT_RULES }, { OUTSIDE }, { formatRuleFile }, { GROUPS }] = await Promise.all([
      import('../../core/defaults.js'),
      import('../../core/outside.js'),
      import('../../formats/rule-file.js'),
      import('../../vitals/index.js'),
    ]);
    world.stdout.write(formatRuleFile(DEFAULT_RULES, new Map([...GROUPS, ...OUTSIDE])));
    return 0;
  });
};
