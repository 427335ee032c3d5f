import type { Problem } from '$/lib/api/problem';
import type { Field } from '$/lib/api/wire';

/** The names of required fields that are still empty, each with the given sentence. */
export function missing(fields: readonly Field[], values: Readonly<Record<string, string>>, sentence: string): Record<string, string> {
  return Object.fromEntries(fields.filter((f) => f.required && !values[f.name]?.trim()).map((f) => [f.name, sentence]));
}

/** What a form starts with: a required choice of one is made already. */
export function initial(fields: readonly Field[]): Record<string, string> {
  return Object.fromEntries(fields.flatMap((f) => (f.required && f.options?.length === 1 ? [[f.name, f.options[0]!.value]] : [])));
}

/** The server's sentences by field name; a path such as "body.fields.reason" belongs to "reason". */
export function refusals(problem: Problem): Record<string, string> {
  return Object.fromEntries(problem.errors.map((e) => [e.field.split('.').at(-1) ?? e.field, e.message]));
}
