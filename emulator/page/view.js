// The view library: what components are made of.
import { h, render } from "/page/preact.js";
import htm from "/page/htm.js";

export const html = htm.bind(h);
export { render };
export { useEffect, useRef, useState, useMemo } from "/page/preact_hooks.js";
export { signal, computed, effect, batch, useSignal, useComputed } from "/page/signals.js";
