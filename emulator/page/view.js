// The view library: what components are made of.
import htm from "/page/htm.js";
import { h, render } from "/page/preact.js";
import { useMemo } from "/page/preact_hooks.js";
import { signal } from "/page/signals.js";

export const html = htm.bind(h);
export { render };
export { useEffect, useMemo, useRef, useState } from "/page/preact_hooks.js";
export { batch, signal } from "/page/signals.js";

/** A signal that lives as long as its component. */
export const useSignal = (value) => useMemo(() => signal(value), []);
