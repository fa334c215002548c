/** Starts the page, turns between its views, and changes the language. */
import { bookView } from './book.js';
import { bookingView } from './booking.js';
import { focusOn, h, put } from './dom.js';
import { findView } from './find.js';
import { language, remembered, speak, t } from './texts.js';

const main = document.getElementById('main');
const place = { book: h('div', {}), find: h('div', {}), booking: h('div', {}) };
const view = {
  book: bookView(place.book, (booking) => present(booking, booking.token, true)),
  find: findView(place.find, present),
  booking: bookingView(place.booking),
};
let current = '';

/** A booking made or found: show it and let its address be its own. */
function present(booking, token, isNew) {
  view.booking.show(booking, token, isNew);
  location.hash = `booking/${booking.code}`;
}

/** The view that the address names; a booking that this device does not know is to be found. */
function wanted() {
  const [name, code] = decodeURIComponent(location.hash.slice(1)).split('/');
  if (name === 'booking' && code) return view.booking.knows(code) ? ['booking', code] : ['find'];
  return name === 'find' ? ['find'] : ['book'];
}

function turn() {
  const hash = location.hash.slice(1);
  if (hash.startsWith('f-') || hash === 'main') return; // a place on the page, not a view
  const first = !current;
  const [name, code] = wanted();
  current = name;
  if (name === 'booking') view.booking.open(code);
  else view[name].draw();
  put(main, place[name]);
  label();
  if (!first) {
    scrollTo(0, 0);
    focusOn(main.querySelector('h1'));
  }
  if (name === 'book') view.book.resume();
}

/** Everything outside the views that is in the reader's language. */
function label() {
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-t-label]')) element.setAttribute('aria-label', t(element.dataset.tLabel));
  for (const button of document.querySelectorAll('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language()));
  }
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#${current}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${view[current].title()} · ${t('title')}`;
}

async function change(code) {
  if (code === language()) return;
  await speak(code);
  view[current].draw();
  label();
}

async function start() {
  await speak(remembered());
  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => change(button.dataset.language));
  }
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    focusOn(main);
  });
  addEventListener('hashchange', turn);
  turn();
}

start();
