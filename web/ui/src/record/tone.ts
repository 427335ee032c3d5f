type Tone = 'plain' | 'green' | 'amber' | 'red' | 'blue';

const tones: Record<string, Tone> = {
  paid: 'green', settled: 'green', verified: 'green', linked: 'green', active: 'green', issued: 'green', present: 'green', selected: 'green', used: 'green', redeemed: 'green', approved: 'green', applied: 'green', succeeded: 'green',
  returned: 'red', failed: 'red', rejected: 'red', refused: 'red', absent: 'red', revoked: 'red', blocked: 'red', closed: 'red', not_selected: 'red', missing: 'red', name_mismatch: 'red', expired: 'red',
  waiting: 'amber', pending: 'amber', scheduled: 'amber', held: 'amber', unverified: 'amber', open: 'amber', kyc_missing: 'amber', earned: 'amber',
  sent: 'blue', processing: 'blue', ordered: 'blue', issuing: 'blue', joined: 'blue',
};

/** The colour that goes with a state word of the record; the word itself always stands beside it. */
export function toneOf(state: string): Tone {
  return tones[state] ?? 'plain';
}
