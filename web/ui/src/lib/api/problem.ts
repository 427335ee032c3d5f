/** One field the server refused. */
export interface FieldFault {
  field: string;
  rule: string;
  message: string;
}

/** RFC 9457 as the server speaks it; `status` 0 means that no answer came at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldFault[];
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, title: string, detail = '', errors: readonly FieldFault[] = [], extra: Record<string, unknown> = {}) {
    super(title);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.extra = extra;
  }

  /** Whether asking again later, unchanged, may succeed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The server's sentence for a field, or ''. */
  field(name: string): string {
    return this.errors.find((e) => e.field === name || e.field.endsWith(`.${name}`))?.message ?? '';
  }
}

/** Reads a refused answer; anything that is not a problem document keeps its status and gets a general code. */
export function problemOf(status: number, body: unknown): Problem {
  if (!isRecord(body)) return new Problem(status, general(status), '');
  const { title, detail, code, errors, type: _type, status: _status, ...extra } = body;
  return new Problem(status, typeof code === 'string' && code ? code : general(status), textOf(title), textOf(detail), faultsOf(errors), extra);
}

export function offline(): Problem {
  return new Problem(0, 'offline', 'no answer');
}

function general(status: number): string {
  if (status === 401) return 'signed_out';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 409) return 'stale';
  if (status === 413) return 'too_large';
  if (status === 415) return 'unsupported_type';
  if (status === 422) return 'invalid';
  if (status === 429) return 'slow_down';
  return 'broken';
}

function faultsOf(value: unknown): FieldFault[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((e) => ({ field: textOf(e['field'] ?? e['location']), rule: textOf(e['rule']), message: textOf(e['message']) }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
