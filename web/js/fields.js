/** Form controls with their label, hint and error tied together. */
import { h } from './dom.js';

/** The id of the control that a JSON pointer names: /contact/phone is f-contact-phone. */
export const idOf = (pointer) => `f${pointer.replace(/\//g, '-')}`;

const describedBy = (id, { hint, error }) =>
  [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || null;

const hintOf = (id, hint) => hint && h('p', { class: 'hint', id: `${id}-hint` }, hint);

const errorOf = (id, error) => error && h('p', { class: 'error', id: `${id}-error` }, error);

function control(id, tag, what, ...children) {
  const invalid = Boolean(what.error);
  return h(tag, { id, 'aria-invalid': invalid && 'true', 'aria-describedby': describedBy(id, what), ...what.attributes }, ...children);
}

/** A line to write in. `what`: pointer, label, hint, error, value, attributes, onInput(text). */
export function line(what) {
  const id = idOf(what.pointer);
  const input = control(id, 'input', what);
  input.value = what.value || '';
  input.addEventListener('input', () => what.onInput(input.value));
  return h('div', { class: 'field' },
    h('label', { for: id }, what.label), hintOf(id, what.hint), errorOf(id, what.error), input);
}

/** A choice from a list; `options` are [value, text]. */
export function choice(what) {
  const id = idOf(what.pointer);
  const select = control(id, 'select', what, what.options.map(([value, text]) => h('option', { value }, text)));
  select.value = what.value || '';
  select.addEventListener('change', () => what.onInput(select.value));
  return h('div', { class: 'field' },
    h('label', { for: id }, what.label), hintOf(id, what.hint), errorOf(id, what.error), select);
}

/** Radio buttons as cards; `options` are {value, text, hint, badge, disabled}. */
export function cards(what) {
  const id = idOf(what.pointer);
  return h('fieldset', { class: `cards ${what.class || ''}`, id, 'aria-describedby': describedBy(id, what), tabindex: what.error && '-1' },
    h('legend', {}, what.label), hintOf(id, what.hint), errorOf(id, what.error),
    h('div', { class: 'cardrow' }, what.options.map((option) => {
      const input = h('input', {
        type: 'radio', name: id, id: `${id}-${option.value || 'any'}`, value: option.value,
        checked: option.value === what.value, disabled: option.disabled,
        on: { change: () => what.onInput(option.value) },
      });
      return h('label', { class: 'card' }, input,
        h('span', { class: 'cardtext' }, h('span', {}, option.text), option.hint && h('small', {}, option.hint)),
        option.badge);
    })));
}

/** Take the error away from a control that is being corrected. */
export function clearError(pointer) {
  const id = idOf(pointer);
  const error = document.getElementById(`${id}-error`);
  if (error) error.remove();
  const input = document.getElementById(id);
  if (input) input.removeAttribute('aria-invalid');
}
