/** The view that finds a booking again: those of this device, or by code and key. */
import * as api from './api.js';
import { focusOn, h, put } from './dom.js';
import { idOf, line } from './fields.js';
import { forget, mine } from './mine.js';
import { t } from './texts.js';
import { Stopped, unreachableIn, waitingIn } from './waiting.js';
import { longDate, span } from './when.js';

/** Crockford's alphabet leaves I, L, O and U out; people write them all the same. */
function codeOf(text) {
  const bare = text.toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(bare) ? `${bare.slice(0, 5)}-${bare.slice(5)}` : '';
}

/** Draw into `place`; `found(booking, token)` is called with what the server knows. */
export function findView(place, found) {
  const entered = { code: '', token: '' };
  let faults = {};
  let outcome = null;

  function draw() {
    outcome = h('div', {});
    put(place,
      h('h1', { tabindex: '-1' }, t('find_title')),
      h('section', { class: 'step' }, h('h2', {}, t('find_kept')), list()),
      h('section', { class: 'step' }, h('h2', {}, t('find_enter')),
        h('form', { novalidate: true, method: 'post', autocomplete: 'off', on: { submit } },
          entry('code', t('find_code'), t('find_code_hint'), { maxlength: 20, autocapitalize: 'characters' }),
          entry('token', t('token'), null, { maxlength: 200, autocapitalize: 'none' }),
          outcome,
          h('button', { type: 'submit', class: 'main' }, t('find_send')))));
  }

  function entry(field, label, hint, attributes) {
    return line({
      pointer: `/${field}`, label, hint, value: entered[field], error: faults[field] && t(faults[field]),
      attributes: { ...attributes, spellcheck: 'false', required: true },
      onInput: (value) => {
        entered[field] = value;
      },
    });
  }

  function list() {
    const all = mine();
    if (!all.length) return h('p', { class: 'hint' }, t('find_kept_none'));
    return [
      h('ul', { class: 'kept' }, all.map(({ code, booking }) => h('li', {},
        h('p', {}, h('strong', {}, booking.office.name), h('br'),
          longDate(booking.date), ', ', h('span', { class: 'whole' }, span(booking.window, booking.office.timezone)), h('br'),
          h('span', { class: 'code' }, code), ' ', booking.status === 'cancelled' && h('span', { class: 'badge suspended' }, t('done_cancelled')),
          booking.status === 'booked' && booking.closed && h('span', { class: 'badge suspended' }, t('closed_title'))),
        h('p', { class: 'row' },
          h('a', { class: 'button', href: `#booking/${code}`, 'aria-label': `${t('find_open')} ${code}` }, t('find_open')),
          h('button', { type: 'button', class: 'quiet', 'aria-label': `${t('find_forget')}: ${code}`, on: { click: () => drop(code) } }, t('find_forget')))))),
      h('p', { class: 'hint' }, t('find_forget_help')),
    ];
  }

  function drop(code) {
    forget(code);
    draw();
    focusOn(place.querySelector('h1'));
  }

  function fault(found_) {
    faults = found_;
    draw();
    focusOn(document.getElementById(idOf(`/${Object.keys(faults)[0]}`)));
  }

  async function submit(event) {
    event.preventDefault();
    const code = codeOf(entered.code);
    const token = entered.token.trim();
    const wrong = { ...(!code && { code: 'invalid_code' }), ...(!token && { token: 'invalid_token' }) };
    if (Object.keys(wrong).length) {
      fault(wrong);
      return;
    }
    try {
      const booking = await api.readBooking(code, token, waitingIn(outcome, { text: t('booking_loading'), stoppable: true }));
      Object.assign(entered, { code: '', token: '' });
      faults = {};
      found(booking, token, false);
    } catch (error) {
      if (error instanceof api.Refused) fault({ code: error.slug === 'data-deleted' ? 'data_deleted' : 'not_found' });
      else if (!(error instanceof Stopped)) unreachableIn(outcome, () => submit(event));
    }
  }

  return { draw, title: () => t('find_title') };
}
