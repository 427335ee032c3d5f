const tones = { new: 'blue', open: 'blue', in_progress: 'brand', pending: 'amber', on_hold: 'amber', resolved: 'green', rejected: 'red', appealed: 'red', closed: 'plain' } as const;

/** The colour of a ticket state; the word always stands in it. */
export function stateTone(state: string): 'plain' | 'brand' | 'amber' | 'red' | 'green' | 'blue' {
  return tones[state as keyof typeof tones] ?? 'plain';
}

/** States in which no promise is running for the owner any more. */
export function settled(state: string): boolean {
  return state === 'resolved' || state === 'rejected' || state === 'closed';
}
