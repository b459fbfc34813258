/** systeminformation behind a wall: it starts children and can hang, so it runs in a process of its own. */
export interface Portable {
  readonly kind: 'portable';
  /** Result of one of systeminformation's functions; rejects when it fails or is late. */
  readonly ask: (name: string) => Promise<unknown>;
}
