import { Problem } from '$/lib/api/problem';
import { sayProblem } from '$/lib/api/words';

/** One form on its way to the server. What was typed stays in the form whatever comes back. */
export class Saving {
  busy = $state(false);
  fault = $state('');
  /** Somebody else has changed the thing since it was opened here. */
  stale = $state(false);
  #errors = $state.raw<Problem | null>(null);

  /** The server's sentence for a field, or ''. */
  field(name: string): string {
    return this.#errors?.field(name) ?? '';
  }

  /** Does it and tells whether it was accepted. */
  async run(act: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.fault = '';
    this.stale = false;
    this.#errors = null;
    try {
      await act();
      return true;
    } catch (cause) {
      this.refuse(cause);
      return false;
    } finally {
      this.busy = false;
    }
  }

  private refuse(cause: unknown): void {
    if (cause instanceof Problem && cause.code === 'stale') this.stale = true;
    else if (cause instanceof Problem && cause.errors.length > 0) {
      this.#errors = cause;
      this.fault = cause.errors.map((e) => e.message).join(' ');
    } else this.fault = sayProblem(cause);
  }
}
