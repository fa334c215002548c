/**
 * The hall display of one office: board.html?office=kotabumi. Everything is said in Indonesian and
 * in English at once, because nobody in a hall can press a button. Numbers and counters only.
 */
import { board, Refused } from './api.js';
import { h, put, say } from './dom.js';

const EVERY = 5; // seconds
const LONGEST = 60; // seconds between two looks while there is no answer
const OLD = 20; // seconds from which it is said that the display may be behind
const LOST = 90; // ... and that nobody should rely on it
const FRESH = 30; // seconds for which a call stands out
const NEXT = 9; // labels of those who are called next, shared by the lanes
const [FEW, MANY] = [4, 10]; // as many counters fit in one column, in two columns
const ZONES = { 'Asia/Jakarta': 'WIB', 'Asia/Pontianak': 'WIB', 'Asia/Makassar': 'WITA', 'Asia/Jayapura': 'WIT' };
const LANES = { regular: ['Reguler', 'Regular'], priority: ['Prioritas', 'Priority'], express: ['Percepatan', 'Same day'] };

const officeId = new URLSearchParams(location.search).get('office') || '';
const place = (id) => document.getElementById(id);

let failed = 0;
let begun = false;
let answeredAt = null; // performance.now() of the last answer
let answeredHour = '';
const seen = new Map(); // "label counter calls" to when (performance.now()) it was first seen

const en = (text) => h('span', { lang: 'en' }, text);
const both = (indonesian, english) => [indonesian, ' ', en(english)];

function hourOf(instant, timezone, options) {
  return new Intl.DateTimeFormat('id-ID', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...options })
    .format(new Date(instant));
}

const dateOf = (date, locale) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  .format(new Date(`${date}T00:00:00Z`));

/** Look, and look again: sooner when all is well, later and later when not, never all at once. */
async function look() {
  try {
    const told = await board(officeId);
    failed = 0;
    answeredAt = performance.now();
    answeredHour = `${hourOf(told.as_of, told.office.timezone, { second: '2-digit' })} ${ZONES[told.office.timezone] || ''}`;
    draw(told);
  } catch (error) {
    failed += 1;
    if (error instanceof Refused && error.status === 404) {
      unknown();
      return;
    }
  }
  drawAge();
  setTimeout(look, Math.min(EVERY * 2 ** failed, LONGEST) * 1000 * (1 + Math.random() * 0.2));
}

function unknown() {
  put(place('board'), h('p', { class: 'quiet' }, ...both('Kantor ini tidak ada dalam daftar.', 'There is no such office.')));
}

function draw(told) {
  document.title = `${told.office.name} · Papan panggilan`;
  put(place('office'), told.office.name);
  put(place('date'), dateOf(told.date, 'id-ID'), ' ', en(dateOf(told.date, 'en-GB')));
  const calls = told.lanes.flatMap((lane) => lane.now_serving)
    .sort((a, b) => (a.called_at < b.called_at ? 1 : -1));
  announce(calls);
  put(place('board'),
    h('section', { class: 'calls', 'aria-labelledby': 'calls' },
      h('h2', { id: 'calls' }, ...both('Silakan ke loket', 'Now serving')),
      calls.length
        ? h('ul', { class: sizeOf(calls.length) }, calls.map((one) => call(one)))
        : h('p', { class: 'quiet' }, ...both('Belum ada nomor di loket.', 'No number is at a counter yet.'))),
    h('section', { class: 'lanes', 'aria-labelledby': 'lanes' },
      h('h2', { id: 'lanes' }, ...both('Menunggu', 'Waiting')),
      told.lanes.length
        ? told.lanes.map((one) => lane(one, Math.floor(NEXT / told.lanes.length)))
        : h('p', { class: 'quiet' }, ...both('Belum ada yang lapor datang.', 'Nobody has checked in yet.'))));
}

function sizeOf(counters) {
  if (counters <= FEW) return 'few';
  return counters <= MANY ? 'many' : 'crowd';
}

const keyOf = ({ label, counter, calls }) => `${label} ${counter} ${calls}`;

const isFresh = (one) => performance.now() - seen.get(keyOf(one)) < FRESH * 1000;

function call(one) {
  return h('li', { class: isFresh(one) ? 'fresh' : null },
    h('span', { class: 'label' }, one.label),
    h('span', { class: 'counter' }, h('small', {}, ...both('Loket', 'Counter')), h('b', {}, one.counter)),
    one.calls > 1 && h('span', { class: 'again' }, ...both(`Panggilan ke-${one.calls}`, `call ${one.calls}`)));
}

function lane({ lane: name, waiting, next, pace }, shown) {
  const [indonesian, english] = LANES[name] || [name, name];
  return h('div', { class: 'lane' },
    h('h3', {}, h('span', {}, ...both(indonesian, english)), ' ', h('b', {}, waiting)),
    next.length > 0 && h('ol', { class: 'next' }, next.slice(0, shown).map((label) => h('li', {}, label))),
    pace && h('p', { class: 'pace' }, ...both(`± ${Math.round(pace.calls_per_hour)} nomor per jam`, `about ${Math.round(pace.calls_per_hour)} an hour`)));
}

/** Read new calls out; those that were there when the display came on are not new. */
function announce(calls) {
  const fresh = calls.filter((one) => !seen.has(keyOf(one)));
  for (const one of fresh) seen.set(keyOf(one), begun ? performance.now() : -Infinity);
  for (const key of [...seen.keys()]) {
    if (!calls.some((one) => keyOf(one) === key)) seen.delete(key);
  }
  if (begun && fresh.length) say(fresh.map(({ label, counter }) => `Nomor ${label}, silakan ke loket ${counter}.`).join(' '));
  begun = true;
}

/** How old the display is, by a clock that nobody can set. */
function drawAge() {
  const seconds = answeredAt === null ? Infinity : (performance.now() - answeredAt) / 1000;
  const state = seconds > LOST ? 'lost' : seconds > OLD ? 'old' : 'now';
  const at = answeredHour && h('span', { class: 'at' }, ...both(`Diperbarui pukul ${answeredHour}`, 'Last updated'));
  if (document.body.className !== state) document.body.className = state;
  put(place('age'), at,
    state === 'old' && h('strong', {}, ...both(' Papan ini mungkin terlambat.', 'This display may be behind.')),
    state === 'lost' && (answeredAt !== null || failed > 0) && h('strong', {}, ...both(' Papan ini tidak diperbarui. Dengarkan panggilan petugas.', 'Not updated. Please listen to the staff.')));
}

setInterval(drawAge, 1000);
look();
