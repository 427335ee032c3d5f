/** Where a promise stands; `at risk` begins at 80 % of the target, as tickets and the wallboard count it. */
export type SlaState = 'none' | 'met' | 'safe' | 'risk' | 'late';

export interface Target {
  startedAt?: Date | null;
  dueAt?: Date | null;
  metAt?: Date | null;
}

export function slaState(p: Target, now: Date): SlaState {
  if (p.metAt) return 'met';
  if (!p.dueAt) return 'none';
  const left = p.dueAt.getTime() - now.getTime();
  if (left < 0) return 'late';
  const whole = p.startedAt ? p.dueAt.getTime() - p.startedAt.getTime() : 0;
  return whole > 0 && left <= whole * 0.2 ? 'risk' : 'safe';
}
