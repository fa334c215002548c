/**
 * The bookings of this device: code, token, and the last that was known of each (without names),
 * so that number, hour and QR can be shown when the server can not be reached.
 */
const STORE = 'antrean.bookings';

/** The bookings kept here, newest first: {code, token, booking, proof}. */
export function mine() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE));
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

function write(all) {
  try {
    localStorage.setItem(STORE, JSON.stringify(all.slice(0, 20)));
    return true;
  } catch {
    return false;
  }
}

export const kept = (code) => mine().find((one) => one.code === code) || null;

/** Whether a proof made for `old` still says what is true of `booking`. */
const provesStill = (old, booking) =>
  Boolean(old) && !booking.closed && old.date === booking.date && old.window.start === booking.window.start
    && old.tickets.map(({ label }) => label).join() === booking.tickets.map(({ label }) => label).join();

/** Keep a booking; returns whether this device keeps anything. A proof that is not true goes. */
export function keep(booking, token) {
  const { code } = booking;
  const old = kept(code) || {};
  const { token: _, position: __, estimate: ___, ...rest } = booking; // these are of the moment
  const bare = { ...rest, tickets: booking.tickets.map(({ name, state, called, ...ticket }) => ticket) };
  const proof = provesStill(old.booking, booking) ? old.proof : undefined;
  return write([{ ...old, code, token, booking: bare, proof }, ...mine().filter((one) => one.code !== code)]);
}

/** Keep the QR proof (SVG text) with its booking. */
export function keepProof(code, proof) {
  write(mine().map((one) => (one.code === code ? { ...one, proof } : one)));
}

export function forget(code) {
  write(mine().filter((one) => one.code !== code));
}
