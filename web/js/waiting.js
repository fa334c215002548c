/** What the reader sees while the server is slow, busy or out of reach. */
import { h, put, say } from './dom.js';
import { t } from './texts.js';

const SHOWN_AFTER = 300; // milliseconds: a quick answer needs no notice
const SLOW_AFTER = 4000;

/** The reader pressed "stop trying". */
export class Stopped extends Error {}

/**
 * A waiting notice in `place`. `text` is what is going on; `promise` one more sentence for the
 * time of trying again; `stoppable` offers to stop.
 */
export function waitingIn(place, { text, promise = '', stoppable = false }) {
  let timers = [];
  const line = (words) => put(place, h('div', { class: 'waiting' }, h('span', { class: 'spinner' }), h('p', {}, words)));
  return {
    /** A request is on its way. */
    begin() {
      const slow = () => {
        line(`${text} ${t('wait_slow')}`);
        say(t('wait_slow'));
      };
      timers = [setTimeout(() => line(text), SHOWN_AFTER), setTimeout(slow, SLOW_AFTER)];
    },

    /** The request has ended, in whatever way. */
    end() {
      timers.forEach(clearTimeout);
      put(place);
    },

    /** Count `seconds` down; ends sooner when asked to or when the network is back. */
    pause(seconds) {
      const why = navigator.onLine === false ? t('wait_offline') : t('wait_busy');
      return new Promise((resolve, reject) => {
        // The count is for the eye alone: read out each second it would drown everything else.
        const count = h('span', { 'aria-hidden': 'true' });
        const leave = (then) => () => {
          clearInterval(ticking);
          removeEventListener('online', now);
          put(place);
          then();
        };
        const now = leave(resolve);
        const until = Date.now() + seconds * 1000;
        const tick = () => {
          const left = Math.ceil((until - Date.now()) / 1000);
          if (left <= 0) now();
          else count.textContent = t('wait_count', { n: left });
        };
        put(place, h('div', { class: 'waiting' },
          h('span', { class: 'spinner' }),
          h('p', {}, h('strong', {}, why), ' ', promise),
          h('p', {}, count),
          h('p', { class: 'row' },
            h('button', { type: 'button', on: { click: now } }, t('wait_now')),
            stoppable && h('button', { type: 'button', on: { click: leave(() => reject(new Stopped())) } }, t('wait_stop')))));
        say(`${why} ${promise}`);
        addEventListener('online', now);
        const ticking = setInterval(tick, 1000);
        tick();
      });
    },
  };
}

/** Say in `place` that the server did not answer, with a way to try again. */
export function unreachableIn(place, again) {
  put(place, h('div', { class: 'notice bad', role: 'alert' },
    h('p', {}, h('strong', {}, t('unreachable')), ' ', t('unreachable_help')),
    h('button', { type: 'button', on: { click: again } }, t('again'))));
}
