/** The view of one booking: where and when to come, the numbers, the proof; moving, cancelling. */
import * as api from './api.js';
import { focusOn, h, keepFocus, put, say } from './dom.js';
import { isRunning, liveIn } from './live.js';
import { keep, keepProof, kept } from './mine.js';
import { moveForm } from './move.js';
import { t, tOr } from './texts.js';
import { Stopped, unreachableIn, waitingIn } from './waiting.js';
import { clock, hour, longDate, span, zone } from './when.js';

const SVG = 'image/svg+xml';

/** Draw into `place`. `show` takes a booking just made, `open` reads one from the server. */
export function bookingView(place) {
  let booking = null;
  let token = '';
  let made = false; // in this visit
  let fresh = false; // as the server told it in this visit, so that it needs no reading
  let stale = false; // shown from what the device has kept
  let keeps = false;
  let qr = ''; // object URL of the proof
  const part = {};
  const standing = h('div', { class: 'noprint' });
  const live = liveIn(standing, (told) => {
    const turned = Boolean(told.closed) !== Boolean(booking.closed);
    booking = told;
    if (turned) {
      keepIt();
      draw();
      loadProof();
    } else {
      keep(booking, token);
      put(part.numbers, booking.tickets.map(number));
    }
  });

  /** Keep the booking as it is now, and show the proof that is still true of it, if there is one. */
  function keepIt() {
    keeps = keep(booking, token);
    setProof((kept(booking.code) || {}).proof);
  }

  function show(told, itsToken, isNew) {
    [booking, token, made, fresh, stale] = [told, itsToken, isNew, true, false];
    keepIt();
    draw();
    live.show(booking, token);
    loadProof();
  }

  /** Show the booking `code` kept on this device: what is known at once, then what is true. */
  async function open(code) {
    if (booking && booking.code === code && fresh) return;
    live.stop();
    const own = kept(code);
    [booking, token, made, fresh, stale, keeps] = [own.booking, own.token, false, false, false, true];
    setProof(own.proof);
    draw();
    try {
      const now = await api.readBooking(code, token, waitingIn(part.notice, { text: t('booking_loading'), stoppable: true }));
      if (booking.code !== code) return;
      booking = now;
      keepIt();
      draw();
      live.show(booking, token);
      loadProof();
    } catch (error) {
      stale = true;
      if (error instanceof api.Refused) put(part.notice, h('p', { class: 'notice bad', role: 'alert' }, t(error.slug === 'data-deleted' ? 'data_deleted' : 'not_found')));
      else put(part.notice, h('p', { class: 'notice warn', role: 'status' }, t('stale')));
    }
  }

  function setProof(svg) {
    if (qr) URL.revokeObjectURL(qr);
    qr = svg ? URL.createObjectURL(new Blob([svg], { type: SVG })) : '';
  }

  async function loadProof() {
    const { code } = booking;
    if (qr || !isToCome()) return;
    try {
      const svg = await (await api.bookingFile(code, token, 'proof.svg', waitingIn(part.proof, { text: t('qr_loading') }))).text();
      if (booking.code !== code) return;
      keepProof(code, svg);
      setProof(svg);
      drawProof();
    } catch {
      put(part.proof, h('p', { class: 'hint' }, t('qr_failed')));
    }
  }

  function drawProof() {
    if (qr) put(part.proof, h('img', { src: qr, alt: t('qr_alt', { code: booking.code }), width: 420, height: 592 }));
  }

  function heading() {
    if (booking.status === 'cancelled') return t('done_cancelled');
    if (booking.closed) return t('closed_title');
    if (!made) return t('shown_title');
    if (!booking.moved) return t('done_title');
    return t(sameDay() ? 'done_moved_window' : 'done_moved');
  }

  /** Whether anybody is to come: the booking stands, and so does its day. */
  const isToCome = () => booking.status === 'booked' && !booking.closed;

  const sameDay = () => booking.moved.from.date === booking.date;

  /** Whether `code` can be shown without asking the reader for its token. */
  const knows = (code) => Boolean((booking && booking.code === code) || kept(code));

  const draw = () => keepFocus(drawAll);

  function drawAll() {
    live.redraw();
    const booked = booking.status === 'booked';
    part.notice = h('div', { class: 'noprint' });
    part.proof = h('div', { class: 'proof' });
    part.extra = h('div', { class: 'noprint' });
    put(place,
      h('h1', { id: 'booking', tabindex: '-1' }, heading()),
      part.notice,
      standing,
      !booked && h('p', { class: 'notice warn' }, t('done_cancelled_help')),
      booked && booking.closed && closed(),
      isToCome() && booking.moved && moved(),
      ticket(booked),
      isToCome() && h('p', { class: 'bring' }, t('bring')),
      booked && h('div', { class: 'row noprint' },
        h('button', { type: 'button', id: 'save', on: { click: saveCalendar } }, t(booking.closed ? 'closed_calendar' : 'calendar')),
        isToCome() && h('button', { type: 'button', id: 'print', on: { click: () => print() } }, t('print'))),
      part.extra,
      h('div', { class: 'noprint' },
        keeps && h('p', { class: 'hint' }, t('kept')),
        booked && h('details', { open: !keeps }, h('summary', {}, t('token_title')),
          h('p', {}, t('token_help')),
          h('dl', { class: 'key' }, h('dt', {}, t('code')), h('dd', {}, booking.code), h('dt', {}, t('token')), h('dd', {}, token))),
        h('p', { class: 'row' },
          booked && booking.reschedule_until && h('button', { type: 'button', id: 'move', on: { click: askMove } }, t('move')),
          booked && (!booking.closed || booking.closed.may.includes('cancel')) && h('button', { type: 'button', class: 'danger', id: 'cancel', on: { click: askCancel } }, t('cancel')),
          h('a', { class: 'button', href: '#book' }, t('new_booking')))));
    drawProof();
    if (stale) put(part.notice, h('p', { class: 'notice warn', role: 'status' }, t('stale')));
  }

  /** Said before anything else, and on paper too: do not come, why, and what there is to do. */
  function closed() {
    const { by, reason, may } = booking.closed;
    return h('div', { class: 'notice bad closed', role: 'alert' },
      h('p', { class: 'big' }, t(`closed_${by}`)),
      reason && h('p', {}, t('closed_reason', { reason })),
      h('p', {}, t(may.length ? `closed_${may.includes('reschedule') ? 'day' : 'office'}_help` : 'closed_over_help')),
      h('p', {}, t('closed_files')));
  }

  /** Said plainly and large: this is not what you asked for. */
  function moved() {
    const { from, by, reason } = booking.moved;
    const zoneName = booking.office.timezone;
    const start = from.window && (from.window.start || from.window);
    const before = start && sameDay() ? `, ${clock(start)} ${zone(zoneName)}` : '';
    return h('div', { class: 'notice moved', role: 'note' },
      h('p', { class: 'big' }, why(by, reason)),
      h('dl', {},
        h('dt', {}, t('moved_from')), h('dd', {}, h('s', {}, longDate(from.date), before)),
        h('dt', {}, t('moved_to')), h('dd', {}, h('strong', {}, longDate(booking.date), ', ', h('span', { class: 'whole' }, span(booking.window, zoneName))))),
      h('p', { class: 'noprint' }, t('moved_help')));
  }

  function why(by, reason) {
    if (by !== 'overflow') return [t(`moved_${by}`), ' ', by === 'office' && reason];
    if (reason === 'full' && sameDay()) return t('moved_full_window');
    return tOr(`moved_${reason}`, t('moved_other'));
  }

  function ticket(booked) {
    const { office, tickets } = booking;
    part.numbers = h('ul', { class: 'numbers' }, tickets.map(number));
    return h('article', { class: `ticket ${booking.status}` },
      h('header', {}, h('h2', {}, office.name), h('p', {}, office.city, ' · ', t(`lane_${booking.lane}`))),
      booked && booking.closed ? h('div', { class: 'when' },
        h('p', { class: 'date' }, t('closed_come'), ' ', h('strong', {}, h('s', {}, longDate(booking.date))))) : h('div', { class: 'when' },
        h('p', { class: 'date' }, t('come'), ' ', h('strong', {}, longDate(booking.date))),
        h('p', { class: 'hour' }, h('strong', {}, t('come_at', { time: hour(booking.arrive_at, office.timezone) })), ' ', h('small', {}, t('office_time'))),
        h('p', { class: 'hint' }, t('come_window', { span: span(booking.window, office.timezone) })),
        booked && booking.position && !isRunning(booking) && h('p', { class: 'ahead' }, t('ahead', { n: booking.position.ahead }))),
      h('h3', {}, t(tickets.length > 1 ? 'numbers' : 'number')),
      part.numbers,
      h('div', { class: 'stub' },
        isToCome() && part.proof,
        h('div', { class: 'noprint' }, h('p', { class: 'hint' }, t('code')), h('p', { class: 'code' }, booking.code))));
  }

  function number({ label, name, notes, state }) {
    const told = state && !['live', 'returned'].includes(state);
    return h('li', {}, h('span', { class: 'label' }, label), name && h('span', { class: 'name' }, name),
      told && h('span', { class: 'badge open' }, t(`state_${state}`)),
      (notes || []).map(({ code, text }) => h('small', {}, tOr(`note_${code}`, text))));
  }

  async function saveCalendar() {
    try {
      const entry = await api.bookingFile(booking.code, token, 'calendar.ics', waitingIn(part.extra, { text: '' }));
      const url = URL.createObjectURL(entry);
      const link = h('a', { href: url, download: `antrean-${booking.code}.ics` });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
    } catch {
      unreachableIn(part.extra, saveCalendar);
    }
  }

  function askCancel() {
    const close = () => {
      put(part.extra);
      focusOn(document.getElementById('cancel'));
    };
    put(part.extra, h('div', { class: 'notice bad', role: 'group', 'aria-labelledby': 'sure' },
      h('h2', { id: 'sure', tabindex: '-1' }, t('cancel_sure')),
      h('p', {}, t('cancel_help')),
      h('p', { class: 'row' },
        h('button', { type: 'button', class: 'danger full', on: { click: cancel } }, t('cancel_yes')),
        h('button', { type: 'button', on: { click: close } }, t('cancel_no')))));
    focusOn(document.getElementById('sure'));
  }

  function askMove() {
    const back = () => {
      put(part.extra);
      focusOn(document.getElementById('move'));
    };
    moveForm(part.extra, booking, token, (told) => {
      show(told, token, false);
      say(t('moved_applicant'));
      focusOn(place.querySelector('h1'));
    }, back);
  }

  async function cancel() {
    try {
      const answer = await api.cancelBooking(booking.code, token, waitingIn(part.extra, { text: t('sending'), stoppable: true }));
      booking = answer && answer.status ? { ...booking, ...answer } : { ...booking, status: 'cancelled' };
      fresh = true;
      keep(booking, token);
      live.stop();
      draw();
      say(t('done_cancelled'));
      focusOn(place.querySelector('h1'));
    } catch (error) {
      if (error instanceof api.Refused) put(part.extra, h('p', { class: 'notice bad', role: 'alert' }, t('cancel_too_late')));
      else if (error instanceof Stopped) put(part.extra);
      else unreachableIn(part.extra, cancel);
    }
  }

  return { draw, show, open, knows, title: () => (booking ? `${heading()} ${booking.code}` : t('shown_title')) };
}
