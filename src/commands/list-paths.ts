/** `sysmon check --list-paths`: what a threshold can name on this machine. */

import { Sampler } from '../core/sampler.js';
import type { Wanted } from '../core/vital.js';
import { formatPaths, formatPathsJson } from '../formats/paths-text.js';
import type { Source } from '../vitals/source.js';
import type { World } from '../world.js';

/** Reads all of the machine twice, so many seconds apart: rates need that. */
export const listPaths = async (
  { wanted, apart, json }: { readonly wanted: Wanted; readonly apart: number; readonly json: boolean },
  { vitals, host, boot, patience }: Source,
  { clock }: World,
): Promise<string> => {
  const sampler = new Sampler({ vitals, wanted, clock, host, boot, patience });
  const take = () => sampler.take({ time: clock.now(), detail: true, interval: apart });
  try {
    await take();
    await clock.sleep(apart * 1000);
    const sample = await take();
    return json ? formatPathsJson(sample) : await formatPaths(sample);
  } finally {
    sampler.close();
  }
};
