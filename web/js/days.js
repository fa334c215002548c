/** Step 2: the days of an office as a calendar, and the arrival windows of the chosen day. */
import { availability } from './api.js';
import { h, put, say } from './dom.js';
import { cards, idOf } from './fields.js';
import { reasonText } from './refusal.js';
import { t } from './texts.js';
import { unreachableIn, waitingIn } from './waiting.js';
import { clock, dayMonth, longDate, moment, monthName, plusDays, shortDate, weekday, weekdayName, zone } from './when.js';

const SPAN = 30; // days on one page
const PAGES = 3;
const STALE_AFTER = 60000; // milliseconds
const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/**
 * The calendar of one office. `place` holds the table, `detail` the chosen day; `draft` is read
 * and its date and window are set; `changed(pointer)` is called after either has changed. Who is
 * `moving` a booking is not led on to the next date: a full day cannot be chosen.
 */
export function calendarOf(place, detail, draft, errorAt, changed, { moving = false } = {}) {
  let asked = null; // the query that `days` answers
  let days = [];
  let starts = ['']; // the first date of each page seen; '' is the office's own today
  let page = 0;
  let loadedAt = 0;
  let running = null;

  const office = { timezone: '' };
  const dayOf = (date) => days.find((day) => day.date === date);
  const bookable = (day) => Boolean(day) && (day.state === 'open' || (day.state === 'full' && !moving));
  const help = ({ state }) => t(moving && state === 'full' ? 'day_full_move_help' : `day_${state}_help`);

  const old = () => Date.now() - loadedAt > STALE_AFTER;

  /** Show the days of `officeId`, loading them when they are not those on the page. */
  async function show(officeId, { again = false } = {}) {
    const query = { officeId, lane: draft.lane, party: draft.people.length };
    const same = asked && asked.officeId === officeId;
    if (!same) [starts, page] = [[''], 0];
    query.from = starts[page];
    if (!again && !old() && asked && JSON.stringify(query) === JSON.stringify(asked)) {
      draw();
      return;
    }
    if (running) running.abort();
    const own = new AbortController();
    running = own;
    if (!same) put(place);
    put(detail);
    const notice = h('div', {});
    place.prepend(notice);
    try {
      const answer = await availability(query, SPAN, own.signal, waitingIn(notice, { text: t('days_loading') }));
      if (running !== own) return;
      [asked, days, loadedAt] = [query, answer.days, Date.now()];
      office.timezone = answer.timezone;
      if (days.length) starts[page + 1] = plusDays(days[days.length - 1].date, 1);
      draw();
      changed();
    } catch {
      if (running === own) unreachableIn(put(place, h('div', {})).firstChild, () => show(officeId, { again: true }));
    }
  }

  /** Forget what is shown: no office, or one that can not be booked. */
  function clear(text) {
    if (running) running.abort();
    [running, asked, days] = [null, null, []];
    put(place, h('p', { class: 'hint' }, text));
    put(detail);
  }

  function turn(to) {
    page = to;
    draft.date = '';
    show(asked.officeId);
  }

  function draw() {
    const error = errorAt('/date');
    put(place,
      h('div', { id: idOf('/date'), tabindex: '-1' },
        error && h('p', { class: 'error', id: `${idOf('/date')}-error` }, error),
        days.length ? table() : h('p', { class: 'notice' }, t('calendar_empty')),
        days.length > 0 && !days.some((day) => day.state === 'open') && h('p', { class: 'notice warn' }, t('calendar_no_open'))),
      h('div', { class: 'row' },
        page > 0 && button(t('calendar_earlier'), () => turn(page - 1)),
        page + 1 < PAGES && starts[page + 1] && button(t('calendar_later'), () => turn(page + 1)),
        button(t('calendar_refresh'), () => show(asked.officeId, { again: true }))),
      releases(),
      legend());
    if (draft.date && !dayOf(draft.date) && page === 0 && loadedAt) draft.date = '';
    drawDetail();
  }

  const button = (text, click) => h('button', { type: 'button', class: 'small', on: { click } }, text);

  function table() {
    const first = days[0].date;
    const weeks = [];
    for (let monday = plusDays(first, -weekday(first)); monday <= days[days.length - 1].date; monday = plusDays(monday, 7)) {
      weeks.push(h('tr', {}, [0, 1, 2, 3, 4, 5, 6].map((n) => cell(plusDays(monday, n), first))));
    }
    const range = `${dayMonth(first)} – ${dayMonth(days[days.length - 1].date)}`;
    const built = h('table', { class: 'calendar', on: { keydown: move } },
      h('caption', {}, t('calendar_caption', { range }), h('span', { class: 'keys' }, ` ${t('calendar_keys')}`)),
      h('thead', {}, h('tr', {}, [0, 1, 2, 3, 4, 5, 6].map((n) =>
        h('th', { scope: 'col', abbr: weekdayName(n, 'long') }, weekdayName(n, 'short'))))),
      h('tbody', {}, weeks));
    const buttons = [...built.querySelectorAll('button')];
    const stop = buttons.find((one) => one.dataset.date === draft.date)
      || buttons.find((one) => one.parentNode.className === 'open') || buttons[0];
    if (stop) stop.tabIndex = 0;
    return built;
  }

  function cell(date, first) {
    const day = dayOf(date);
    if (!day) return h('td', {});
    const number = Number(date.slice(8));
    const month = (number === 1 || date === first) && h('small', {}, ` ${monthName(date, 'short')}`);
    const inside = [h('b', {}, number, month), h('span', {}, shortState(day))];
    if (day.state === 'past') return h('td', { class: 'past' }, inside);
    return h('td', { class: day.state },
      h('button', {
        type: 'button', id: `day-${date}`, 'data-date': date, tabindex: '-1',
        'aria-pressed': String(date === draft.date), 'aria-label': `${longDate(date)}: ${longState(day)}`,
        on: { click: () => pick(date) },
      }, inside));
  }

  /** One Tab stop for the whole calendar; arrows move within it. */
  function move(event) {
    const from = event.target.dataset.date;
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    let to = null;
    if (ARROWS[event.key]) to = document.getElementById(`day-${plusDays(from, ARROWS[event.key])}`);
    else if (event.key === 'Home') to = event.target.closest('tr').querySelector('button');
    else if (event.key === 'End') to = [...event.target.closest('tr').querySelectorAll('button')].pop();
    else return;
    event.preventDefault();
    if (!to) return;
    event.target.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  function pick(date) {
    draft.date = date;
    for (const one of place.querySelectorAll('[data-date]')) {
      one.setAttribute('aria-pressed', String(one.dataset.date === date));
      one.tabIndex = one.dataset.date === date ? 0 : -1;
    }
    drawDetail();
    const day = dayOf(date);
    say(`${longDate(date)}: ${longState(day)}. ${day.state === 'open' ? '' : help(day)}`);
    changed('/date');
  }

  /** The chosen day in words, and its windows. */
  function drawDetail() {
    const day = dayOf(draft.date);
    if (!day) {
      put(detail);
      return;
    }
    const open = day.windows.filter((window) => window.state === 'open').map((window) => window.start);
    if (!open.includes(draft.window)) draft.window = '';
    const nearest = days.find((one) => one.state === 'open' && one.date > day.date);
    put(detail,
      h('div', { class: `day ${day.state}` },
        h('h3', {}, longDate(day.date)),
        h('p', {}, capital(longState(day)), '.'),
        day.state !== 'open' && h('p', {}, help(day)),
        day.state !== 'open' && nearest && button(t('day_nearest', { date: longDate(nearest.date) }), () => {
          pick(nearest.date);
          document.getElementById(`day-${nearest.date}`).focus();
        }),
        day.state === 'open' && windows(day)));
  }

  function windows(day) {
    return cards({
      pointer: '/window', class: 'windows', label: t('window', { zone: zone(office.timezone) }), error: errorAt('/window'), value: draft.window,
      options: [
        { value: '', text: t('window_any'), hint: t('window_any_hint') },
        ...day.windows.map((window) => ({
          value: window.start,
          text: `${clock(window.start)}–${clock(window.end)}`,
          hint: shortState(window),
          disabled: window.state !== 'open',
        })),
      ],
      onInput: (window) => {
        draft.window = window;
        changed('/window');
      },
    });
  }

  function releases() {
    const groups = new Map();
    for (const day of days.filter((one) => one.state === 'not_released' && one.release_at)) {
      groups.set(day.release_at, [...(groups.get(day.release_at) || []), day.date]);
    }
    return [...groups].slice(0, 4).map(([when, dates]) => h('p', { class: 'release' }, t(dates.length > 1 ? 'release_line' : 'release_line_one', {
      from: shortDate(dates[0]), to: shortDate(dates[dates.length - 1]), when: moment(when, office.timezone),
    })));
  }

  function legend() {
    return h('details', { class: 'legend' }, h('summary', {}, t('legend')),
      h('ul', {}, ['open', 'full', 'closed', 'not_released'].map((state) =>
        h('li', {}, h('span', { class: `swatch ${state}` }, t(`day_${state}`, { n: 12 })), t(`legend_${state}`)))));
  }

  const tooFew = (one) => one.state === 'full' && one.remaining > 0;

  const shortState = (one) => (tooFew(one) ? t('day_short') : t(`day_${one.state}`, { n: one.remaining }));

  function longState(day) {
    const otherLane = draft.lane !== 'regular';
    if (tooFew(day)) return t('day_short_long', { n: day.remaining, party: draft.people.length });
    if (day.state === 'not_released' && !day.release_at) return t('day_not_released_unknown');
    return t(`day_${day.state}_long`, {
      n: day.remaining,
      quota: day.quota,
      reason: reasonText(otherLane && day.reason === 'no_service_day' ? 'no_service_lane' : day.reason),
      when: day.release_at && moment(day.release_at, office.timezone),
    });
  }

  /** The chosen day if it can be booked, as {date, window}, else null. */
  function picked() {
    const day = dayOf(draft.date);
    if (!bookable(day)) return null;
    return { date: day.date, window: day.windows.find((window) => window.start === draft.window) || null };
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && asked && old() && place.isConnected) show(asked.officeId, { again: true });
  });

  return { show, clear, picked };
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
