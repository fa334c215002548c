/** The view in which a booking is made: five steps on one page, then one request. */
import * as api from './api.js';
import * as attempts from './attempt.js';
import { calendarOf } from './days.js';
import { focusOn, h, keepFocus, put, say } from './dom.js';
import { clearDraft, draft, keepDraft, LARGEST_PARTY, requestOf, setParty } from './draft.js';
import { cards, choice, clearError, idOf, line } from './fields.js';
import { drawOffices } from './offices.js';
import { drawPeople, faultsOfPeople } from './people.js';
import { messageOf, problemsOf } from './refusal.js';
import { t } from './texts.js';
import { Stopped, unreachableIn, waitingIn } from './waiting.js';
import { longDate, span, zone } from './when.js';

const PHONE = /^(\+?62|0)8\d{8,12}$/;

/** Draw into `place`; `booked(booking)` is called once a booking stands. */
export function bookView(place, booked) {
  let offices = null;
  let faults = [];
  let sending = false;
  const part = { errors: h('div', {}), outcome: h('div', {}), calendar: h('div', {}), day: h('div', {}) };

  const office = () => (offices || []).find((one) => one.office_id === draft.officeId) || null;
  const timezone = () => (office() ? office().timezone : '');
  const errorAt = (pointer) => {
    const fault = faults.find((one) => one.pointer === pointer);
    return fault ? messageOf(fault, timezone()) : null;
  };

  const calendar = calendarOf(part.calendar, part.day, draft, errorAt, changed);

  function step(n, name, title) {
    part[name] = h('div', {});
    return h('section', { class: 'step', 'aria-labelledby': `step-${name}` },
      h('h2', { id: `step-${name}` }, h('span', { class: 'n' }, h('span', { class: 'unseen' }, t('step', { n })), h('span', { 'aria-hidden': 'true' }, n)), title),
      part[name]);
  }

  /** Draw everything from the draft; what was entered is kept. */
  function draw() {
    const form = h('form', { novalidate: true, method: 'post', autocomplete: 'on', on: { submit } },
      step(1, 'office', t('office_title')),
      step(2, 'days', t('days_title')),
      step(3, 'people', t('people_title')),
      step(4, 'contact', t('contact_title')),
      step(5, 'full', t('full_title')),
      part.send = h('section', { class: 'step send' }));
    put(place, h('h1', { tabindex: '-1' }, t('book_title')), h('p', { class: 'lead' }, t('book_lead')), part.errors, form);
    put(part.days, part.party = h('div', { class: 'party' }), part.calendar, part.day);
    drawOfficeStep();
    drawParty();
    drawPeopleStep();
    drawContact();
    drawFull();
    drawSend();
    drawErrors();
    showDays();
    if (!offices) load();
  }

  async function load() {
    try {
      offices = await api.offices(waitingIn(part.office, { text: t('offices_loading') }));
    } catch {
      unreachableIn(part.office, load);
      return;
    }
    if (draft.officeId && !office()) draft.officeId = '';
    drawOfficeStep();
    showDays();
    drawSend();
  }

  /** The draft has changed; what was wrong at `pointers` is being corrected. */
  function changed(...pointers) {
    const left = faults.filter((one) => !pointers.includes(one.pointer));
    if (left.length < faults.length) {
      faults = left;
      pointers.forEach(clearError);
      drawErrors();
    }
    keepDraft();
    drawSummary();
  }

  function drawOfficeStep() {
    if (!offices) return;
    keepFocus(() => drawOffices(part.office, offices, draft, errorAt, (choice_) => {
      Object.assign(draft, choice_, { date: '', window: '' });
      changed('/office_id', '/date', '/window');
      drawOfficeStep();
      showDays();
    }));
  }

  function showDays(options) {
    part.party.hidden = !office() || office().status !== 'open';
    if (!office()) calendar.clear(t('days_first'));
    else if (office().status !== 'open') calendar.clear(t('days_closed_office'));
    else calendar.show(draft.officeId, options);
  }

  function drawParty() {
    const lanes = ['regular', 'priority', 'express'];
    put(part.party,
      choice({
        pointer: '/applicants', label: t('party'), hint: t('party_hint'), error: errorAt('/applicants'), value: String(draft.people.length),
        options: [...Array(LARGEST_PARTY).keys()].map((n) => [String(n + 1), t('summary_people', { n: n + 1 })]),
        onInput: (size) => resize(Number(size)),
      }),
      choice({
        pointer: '/lane', label: t('lane'), hint: draft.lane !== 'regular' && t(`lane_${draft.lane}_hint`), error: errorAt('/lane'), value: draft.lane,
        options: lanes.map((lane) => [lane, t(`lane_${lane}`)]),
        onInput: (lane) => {
          draft.lane = lane;
          changed('/lane');
          keepFocus(drawParty);
          drawPeopleStep();
          showDays();
        },
      }));
  }

  /** Make the party another size; with `focus`, go to that applicant. */
  function resize(size, focus) {
    setParty(size);
    changed(...faults.map((one) => one.pointer).filter((pointer) => pointer.startsWith('/applicants')));
    keepFocus(drawParty);
    drawPeopleStep();
    showDays();
    if (focus !== undefined) focusOn(document.getElementById(`person-${focus}`));
  }

  const drawPeopleStep = () => drawPeople(part.people, draft, errorAt, changed, resize);

  function drawContact() {
    const entry = (field, label, hint, attributes) => {
      const pointer = `/contact/${field}`;
      return line({
        pointer, label, hint, attributes, value: draft[field], error: errorAt(pointer),
        onInput: (value) => {
          draft[field] = value;
          changed(pointer);
        },
      });
    };
    put(part.contact,
      entry('phone', t('phone'), t('phone_hint'), { type: 'tel', autocomplete: 'tel', maxlength: 24, required: true }),
      entry('email', t('email'), null, { type: 'email', autocomplete: 'email', maxlength: 254 }));
  }

  function drawFull() {
    put(part.full, cards({
      pointer: '/overflow', label: t('full_lead'), error: errorAt('/overflow'), value: draft.overflow,
      options: ['next_date', 'same_date', 'none'].map((value) => ({
        value,
        text: t(`full_${value}`),
        hint: value === 'same_date' ? null : t(`full_${value}_hint`),
      })),
      onInput: (overflow) => {
        draft.overflow = overflow;
        changed('/overflow');
      },
    }));
  }

  function drawSend() {
    part.summary = h('p', { class: 'summary' });
    part.button = h('button', { type: 'submit', class: 'main', id: 'send' }, t('send'));
    part.clear = h('button', { type: 'button', class: 'quiet', on: { click: startAfresh } }, t('clear'));
    put(part.send, h('h2', {}, t('summary')), part.summary, part.outcome, part.button, part.clear);
    drawSummary();
    drawSending();
  }

  function drawSending() {
    part.button.setAttribute('aria-disabled', String(sending));
    part.button.textContent = t(sending ? 'sending' : 'send');
    part.clear.disabled = sending; // hidden, it would let the page move under a finger
  }

  function drawSummary() {
    if (!part.summary) return;
    const picked = office() && calendar.picked();
    put(part.summary, picked
      ? [
        h('strong', {}, office().name), h('br'),
        longDate(picked.date), ', ', picked.window ? span(picked.window, timezone()) : `${t('window_any').toLowerCase()} (${zone(timezone())})`, h('br'),
        t('summary_people', { n: draft.people.length }), ' · ', t(`lane_${draft.lane}`),
      ]
      : t('summary_incomplete'));
  }

  function startAfresh() {
    clearDraft();
    attempts.leave();
    faults = [];
    put(part.outcome);
    draw();
    focusOn(place.querySelector('h1'));
  }

  /** What is wrong with the draft, as far as the page can see. */
  function faultsOfDraft() {
    const found = [];
    if (!office()) found.push({ pointer: '/office_id', key: 'invalid_office_id' });
    else if (office().status !== 'open') found.push({ pointer: '/office_id', key: 'office_not_open' });
    else if (!calendar.picked()) found.push({ pointer: '/date', key: 'invalid_date' });
    found.push(...faultsOfPeople(draft));
    if (!PHONE.test(draft.phone.replace(/[\s().-]/g, ''))) found.push({ pointer: '/contact/phone', key: 'invalid_phone' });
    if (draft.email.trim() && !/^\S+@\S+\.\S+$/.test(draft.email.trim())) found.push({ pointer: '/contact/email', key: 'invalid_email' });
    return found;
  }

  function showFaults(found) {
    faults = found;
    drawOfficeStep();
    drawParty();
    drawPeopleStep();
    drawContact();
    drawFull();
    showDays();
    drawErrors();
    focusOn(part.errors.firstChild);
  }

  /** The list of what to correct, each line leading to its field. */
  function drawErrors() {
    put(part.errors, faults.length > 0 && h('div', { class: 'notice bad', role: 'group', 'aria-labelledby': 'faults', tabindex: '-1' },
      h('h2', { id: 'faults' }, t('errors_title')),
      h('ul', {}, faults.map(errorLine)),
      faults.some((one) => one.key === 'already_booked') && [
        h('p', {}, h('a', { href: '#find' }, t('nav_find'))),
        attempts.earlier() && h('p', {}, t('earlier_help'), ' ',
          h('button', { type: 'button', on: { click: () => send(attempts.takeUpEarlier()) } }, t('earlier_check'))),
      ]));
  }

  function errorLine(fault) {
    const text = messageOf(fault, timezone());
    if (!fault.pointer) return h('li', {}, text);
    const who = /^\/applicants\/(\d+)/.exec(fault.pointer);
    const go = (event) => {
      event.preventDefault();
      const target = document.getElementById(idOf(fault.pointer)) || document.getElementById(idOf('/province'));
      const inner = target.matches('fieldset') ? target.querySelector('input, select') : target;
      focusOn(inner || target);
      target.scrollIntoView({ block: 'center' });
    };
    return h('li', {}, h('a', { href: `#${idOf(fault.pointer)}`, on: { click: go } },
      who && draft.people.length > 1 ? `${t('person', { n: Number(who[1]) + 1 })}: ${text}` : text));
  }

  function submit(event) {
    event.preventDefault();
    if (sending) return;
    const found = faultsOfDraft();
    if (found.length) showFaults(found);
    else send(attempts.attempt(JSON.stringify(requestOf(draft))));
  }

  /** Send an attempt until it is answered; the key stays the same whatever happens. */
  async function send({ key, body }, text = t('sending')) {
    if (sending) return;
    sending = true;
    faults = [];
    drawErrors();
    drawSending();
    say(text);
    try {
      const waiting = waitingIn(part.outcome, { text, promise: t('wait_booking'), stoppable: true });
      const booking = await api.book(key, body, waiting);
      attempts.leave({ booked: true });
      clearDraft();
      booked(booking);
    } catch (error) {
      if (error instanceof api.Refused) refused(error);
      else if (error instanceof api.Unreachable || error instanceof Stopped) unknown();
      else throw error;
    } finally {
      sending = false;
      drawSending();
    }
  }

  function refused(refusal) {
    attempts.refused({ forgetKey: refusal.slug === 'key-reused' });
    showFaults(problemsOf(refusal));
    // What was shown is not what is: look again.
    if (['no-places', 'office-not-open'].includes(refusal.slug)) showDays({ again: true });
  }

  /** Whether the booking stands is not known: offer to find out with the same key. */
  function unknown() {
    put(part.outcome, h('div', { class: 'notice warn', role: 'alert', tabindex: '-1' },
      h('p', {}, h('strong', {}, t('unreachable')), ' ', t('unknown_outcome')),
      h('button', { type: 'button', class: 'main', on: { click: () => send(attempts.unanswered()) } }, t('again'))));
    focusOn(part.outcome.firstChild);
  }

  /** After a reload: an attempt that was on its way is sent again, under its own key. */
  function resume() {
    const open = attempts.unanswered();
    if (!open || sending) return;
    send(open, t('pending'));
    part.send.scrollIntoView();
  }

  return { draw, resume, title: () => t('book_title') };
}
