/** On the day itself: how many are ahead, about when the party is called, and to which counter. */
import { readBooking } from './api.js';
import { h, put, say } from './dom.js';
import { t } from './texts.js';
import { about, hour, span } from './when.js';

const NEAR = 3; // people ahead
const [SOON, LATER, LONGEST] = [10, 30, 120]; // seconds until the next look
const OLD = 90; // seconds from which the reader is told how old this is

/** Whether this booking's day is running: the server says so, not the phone's clock. */
export const isRunning = (booking) => booking.status === 'booked' && !booking.closed && Boolean(booking.estimate || calledOf(booking).length);

const calledOf = (booking) => booking.tickets.filter((ticket) => ticket.state === 'called' && ticket.called);
const all = (booking, ...states) => booking.tickets.every((ticket) => states.includes(ticket.state));
const some = (booking, state) => booking.tickets.some((ticket) => ticket.state === state);

/**
 * Draw how a booking stands into `place`, and look again now and then while the page is seen.
 * `changed(booking)` is called with each answer.
 */
export function liveIn(place, changed) {
  let booking = null;
  let token = '';
  let timer = 0;
  let failed = 0;
  let toldAt = 0; // performance.now() of the last answer
  let said = '';
  let age = null;

  /** Show a booking as the server has just told it. */
  function show(told, itsToken) {
    [booking, token, failed, toldAt] = [told, itsToken, 0, performance.now()];
    draw();
    wait();
  }

  /** Show nothing, and look no more. */
  function stop() {
    clearTimeout(timer);
    [booking, said] = [null, ''];
    put(place);
  }

  function wait() {
    clearTimeout(timer);
    if (!booking || !isRunning(booking) || document.hidden) return;
    const near = calledOf(booking).length || (booking.position && booking.position.ahead <= NEAR);
    const seconds = Math.min((near ? SOON : LATER) * 2 ** failed, LONGEST);
    timer = setTimeout(look, seconds * 1000 * (1 + Math.random() * 0.2));
  }

  async function look() {
    const { code } = booking;
    if (!place.isConnected) { // another view is shown
      wait();
      return;
    }
    try {
      const told = await readBooking(code, token);
      if (!booking || booking.code !== code) return;
      changed(told);
      show(told, token);
    } catch {
      if (!booking || booking.code !== code) return;
      failed += 1;
      drawAge();
      wait();
    }
  }

  function draw() {
    const words = booking.status === 'booked' ? standing() : null;
    age = h('p', { class: 'hint' });
    put(place, words && h('section', { class: `live ${words.kind}`, 'aria-labelledby': 'live' },
      h('h2', { id: 'live' }, words.title), words.lines.map((line) => h('p', {}, line)),
      isRunning(booking) && [age, h('p', {}, h('a', { href: `board.html?office=${encodeURIComponent(booking.office.office_id)}` }, t('board_link')))]));
    if (words && words.title !== said && said) say(words.title);
    said = words ? words.title : '';
    drawAge();
  }

  function drawAge() {
    if (!age) return;
    const seconds = (performance.now() - toldAt) / 1000;
    const old = failed > 0 && seconds > OLD;
    age.className = old ? 'hint warn' : 'hint';
    age.textContent = old ? t('live_old', { n: Math.round(seconds / 60) }) : t('live_now');
  }

  /** What to say: its kind, one line that stands out, and more lines. */
  function standing() {
    const called = calledOf(booking);
    if (called.length) return calling(called);
    if (all(booking, 'served')) return { kind: 'over', title: t('live_served'), lines: [] };
    if (all(booking, 'served', 'no_show') && some(booking, 'no_show')) return { kind: 'bad', title: t('live_no_show'), lines: [t('live_no_show_help')] };
    if (!booking.estimate || !booking.position) return null;
    return waiting();
  }

  function calling(called) {
    const { counter } = called[0].called;
    const same = called.every((ticket) => ticket.called.counter === counter);
    return {
      kind: 'called',
      title: same ? t('live_called', { counter }) : t('live_called_all'),
      lines: called.map(({ label, called: { counter: where, at, times } }) => [
        h('strong', {}, label), ' ', !same && t('live_called_where', { counter: where }), ' ',
        t(times > 1 ? 'live_called_again' : 'live_called_at', { at: hour(at, booking.office.timezone), times })]),
    };
  }

  function waiting() {
    const { ahead, there } = booking.position;
    const { from, to, basis } = booking.estimate;
    const { timezone } = booking.office;
    const isThere = some(booking, 'checked_in');
    const window = span(booking.window, timezone);
    return {
      kind: 'waiting_turn',
      title: ahead
        ? t(isThere ? 'live_ahead' : 'live_ahead_away', { n: ahead, there })
        : t(isThere ? 'live_next' : 'live_none_ahead'),
      lines: [
        from ? [t('live_about'), ' ', h('strong', { class: 'about' }, t('live_span', { span: about(from, to, timezone) }))] : t(`live_${basis}`, { window }),
        from && t('live_share'),
        t(isThere ? 'live_stay' : 'live_come', { window }),
      ],
    };
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (booking && !document.hidden && place.isConnected && booking.status === 'booked') look();
  });

  return { show, stop, redraw: () => booking && draw() };
}
