// Requests to the HTTP interface, with the token where one is asked for.
import { signal } from "/page/view.js";

/** The server answers: "yes", "no" (gone), "token" (it asks for another token). */
export const reach = signal("yes");
export const readOnly = signal(false);
export const serial = signal("");

const kToken = "gigemu-token";
let token = sessionStorage.getItem(kToken) ?? "";

export function setToken(text) {
  token = text.trim();
  sessionStorage.setItem(kToken, token);
  reach.value = "yes";
}

/** A refused request: a problem document of the server. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `The server answers ${status}.`);
    this.status = status;
    this.key = problem.key ?? "";
  }
}

export class Gone extends Error {
  constructor() {
    super("The camera's program does not answer. The page goes on as soon as it does.");
  }
}

/** "/leds" belongs to the camera at hand, "//world" to the program. */
export const pathOf = (path) =>
  path.startsWith("//") ? `/api/v1${path.slice(1)}` : `/api/v1/${serial.value ? `cameras/${serial.value}` : "camera"}${path}`;

/** The response as it is; throws Gone and Refused. */
export async function fetchFrom(path, { method = "GET", body, type, headers = {}, signal: stop, priority } = {}) {
  const options = { method, headers: { ...headers }, cache: "no-store", signal: stop, priority };
  if (token) options.headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) {
    const plain = body instanceof Blob || body instanceof FormData;
    options.body = plain ? body : JSON.stringify(body);
    if (!(body instanceof FormData)) options.headers["Content-Type"] = type ?? "application/json";
  }
  let response;
  try {
    response = await fetch(pathOf(path), options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    reach.value = "no";
    throw new Gone();
  }
  if (response.status === 401) reach.value = "token";
  else if (reach.value !== "yes") reach.value = "yes";
  if (response.ok || response.status === 304) return response;
  throw new Refused(response.status, await response.json().catch(() => ({})));
}

const json = async (path, options) => (await fetchFrom(path, options)).json();
export const get = (path, options) => json(path, options);
export const put = (path, body) => json(path, { method: "PUT", body });
export const post = (path, body = {}) => json(path, { method: "POST", body });
export const patch = (path, body) => json(path, { method: "PATCH", body });
export const remove = (path) => json(path, { method: "DELETE" });

/** Saves the answer of a path as a file. */
export async function download(path, name) {
  save(await (await fetchFrom(path)).blob(), name);
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
