/** Moving one's booking to another day or hour, once: a calendar and one request. */
import * as api from './api.js';
import { calendarOf } from './days.js';
import { focusOn, h, put } from './dom.js';
import { messageOf, problemsOf } from './refusal.js';
import { t } from './texts.js';
import { Stopped, unreachableIn, waitingIn } from './waiting.js';
import { longDate, plusDays, span, zone } from './when.js';

/** Draw into `place`; `moved(booking)` is called with the booking as it then stands, `left()` else. */
export function moveForm(place, booking, token, moved, left) {
  const draft = { date: '', window: '', lane: booking.lane, people: booking.tickets };
  const part = { calendar: h('div', {}), day: h('div', {}), chosen: h('p', { class: 'summary' }), outcome: h('div', {}) };
  const { timezone } = booking.office;
  let sending = false;

  const calendar = calendarOf(part.calendar, part.day, draft, () => null, drawChosen, { moving: true });
  const send = h('button', { type: 'button', class: 'main', on: { click: submit } }, t('move_send'));
  put(place, h('section', { class: 'step', 'aria-labelledby': 'move-title' },
    h('h2', { id: 'move-title', tabindex: '-1' }, t('move_title')),
    h('p', {}, booking.closed ? t('move_help_closed') : t('move_help', { date: longDate(plusDays(booking.date, -1)) })),
    part.calendar, part.day, part.chosen, part.outcome,
    h('p', { class: 'row' }, send, h('button', { type: 'button', on: { click: left } }, t('cancel_no')))));
  drawChosen();
  calendar.show(booking.office.office_id);
  focusOn(document.getElementById('move-title'));

  function drawChosen() {
    const picked = calendar.picked();
    send.setAttribute('aria-disabled', String(sending));
    put(part.chosen, picked && [h('strong', {}, t('move_to')), ': ', longDate(picked.date), ', ',
      picked.window ? span(picked.window, timezone) : `${t('window_any').toLowerCase()} (${zone(timezone)})`]);
  }

  async function submit() {
    const picked = calendar.picked();
    if (sending) return;
    if (!picked) {
      refuse(t('invalid_date'));
      return;
    }
    sending = true;
    drawChosen();
    try {
      const wanted = { date: picked.date, window: picked.window && picked.window.start };
      moved(await api.rescheduleBooking(booking.code, token, wanted, waitingIn(part.outcome, { text: t('sending'), stoppable: true })));
    } catch (error) {
      if (error instanceof api.Refused) refused(error);
      else if (error instanceof Stopped) put(part.outcome);
      else unreachableIn(part.outcome, submit);
    } finally {
      sending = false;
      drawChosen();
    }
  }

  function refused(error) {
    const [fault] = problemsOf(error);
    refuse(messageOf({ ...fault, key: fault.key === 'no_places' ? 'move_no_places' : fault.key }, timezone));
    if (error.slug === 'no-places') calendar.show(booking.office.office_id, { again: true });
  }

  function refuse(text) {
    put(part.outcome, h('p', { class: 'notice bad', role: 'alert', tabindex: '-1' }, text));
  }
}
