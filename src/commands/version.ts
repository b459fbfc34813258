declare const SYSMON_VERSION: string | undefined;

/** Version of this build; `source` when it runs unbundled. */
export const VERSION = typeof SYSMON_VERSION === 'undefined' ? 'source' : SYSMON_VERSION;
