import { h } from './dom';
import type { Words } from './words';

/** The question of satisfaction: one radio button a score, so that arrow keys and screen readers work as usual. */
export function ratingView(question: string, scale: number, say: Words, rate: (score: number, comment: string) => void): HTMLElement {
  const comment = h('textarea', { rows: '2', maxlength: '1000', 'aria-label': say.comment, placeholder: say.comment });
  const scores = Array.from({ length: scale }, (_, i) =>
    h('label', {}, h('input', { type: 'radio', name: 'score', value: String(i + 1), required: true, 'aria-label': `${i + 1} / ${scale}` }), h('span', { 'aria-hidden': 'true' }, String(i + 1))),
  );
  const form = h(
    'form',
    {
      class: 'card',
      onsubmit: (event: Event) => {
        event.preventDefault();
        const picked = new FormData(form).get('score');
        if (picked) rate(Number(picked), comment.value.trim());
      },
    },
    h('fieldset', {}, h('legend', {}, question), h('div', { class: 'scores' }, ...scores)),
    h('div', { class: 'ends', 'aria-hidden': 'true' }, h('span', {}, say.rateFrom), h('span', {}, say.rateTo)),
    comment,
    h('button', { class: 'go' }, say.rate),
  );
  return form;
}
