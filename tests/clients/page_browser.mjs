// What page.py does in a browser: the main path of each panel, errors, keys, roles and contrast. Prints a line for each check;
// "do WHAT" asks page.py to do something, and waits for its answer.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { playwright, axe, open, readOnly, token, shots, minutes, look, hashes } = JSON.parse(process.argv[2]);
const { chromium } = createRequire(import.meta.url)(playwright);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const kPatience = 45000;
const kPanels = ["lens", "world", "side", "features", "scope", "faults", "network", "journal", "scenarios", "housing"];

const that = (sentence, yes, detail = "") => console.log(`${yes ? "ok" : "FAIL"}\t${sentence}\t${yes ? "" : detail}`);
const ask = async (what) => {
  console.log(`do\t${what}`);
  return (await answers.next()).value;
};
const api = async (path, method = "GET", body) =>
  (await fetch(`${open}/api/v1${path}`, { method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body) })).json();
const feature = async (name) => (await api(`/camera/features/${name}`)).value;

/** Waits until it holds; the wait has a bound and no meaning of its own. */
async function until(sentence, act) {
  const end = Date.now() + kPatience;
  let last;
  while (Date.now() < end) {
    try {
      if ((last = await act())) return that(sentence, true);
    } catch (error) {
      last = error.message.split("\n")[0];
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  that(sentence, false, `after ${kPatience} ms: ${last}`);
}

const wrong = [];
async function opened(browser, url, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, ...options });
  page.setDefaultTimeout(kPatience);
  page.on("pageerror", (error) => wrong.push(error.stack));
  page.on("console", (message) => {
    // What a server refuses the browser says as well, and the page shows it.
    if (message.type() === "error" && !/Failed to load resource|net::ERR/.test(message.text())) wrong.push(message.text());
  });
  await page.goto(url);
  return page;
}
const show = (page, panel) => page.getByRole("tab", { name: panel, exact: true }).click();
const panel = (page) => page.getByRole("tabpanel");

async function live(page) {
  await until("live view: there is a picture without a client", () => page.locator(".caption .source").textContent().then((text) => /Exposed for this page/.test(text)));
  const colours = await page.locator(".picture canvas").evaluate((canvas) => {
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(Array.from({ length: 500 }, (_, i) => data[4 * Math.floor((i * data.length) / 2000)])).size;
  });
  that("live view: the picture has many shades", colours > 20, colours);
  await page.locator(".picture canvas").focus();
  await page.keyboard.press("1");
  await page.keyboard.press("+");
  await until("live view: keys magnify it, and the URL says so", async () => /zoom=1\.5/.test(page.url()));
  await page.keyboard.press("0");
  await until("live view: 0 shows all again", async () => !/zoom=/.test(page.url()));
  await page.keyboard.press(" ");
  await until("live view: space pauses", async () => (await page.locator(".caption .source").textContent()).startsWith("Paused"));
  await page.keyboard.press(" ");
  await page.getByText("Show", { exact: true }).first().click();
  await page.getByLabel("Histogram and waveform").check();
  await until("live view: the histogram has a table of digital numbers", () => page.locator(".histogram td").first().textContent().then((text) => /DN/.test(text)));
  await page.getByLabel("Count", { exact: true }).selectOption("display");
  await until("live view: and one of what is displayed", () => page.locator(".histogram caption").textContent().then((text) => text === "What is displayed"));
  await page.getByLabel("Histogram and waveform").uncheck();
  await page.getByText("Show", { exact: true }).first().click();
}

async function lens(page) {
  await show(page, "Lens");
  await panel(page).getByLabel("Zoom", { exact: true }).fill("300");
  await page.keyboard.press("Enter");
  await until("lens: a typed zoom reaches the feature", async () => (await feature("Zoom")) === 300);
  await until("lens: the motor arrives", () => page.getByText(/At rest at (29|30)\d(\.\d+)? steps/).count());
  await panel(page).getByLabel("ExposureAuto", { exact: true }).selectOption("Off");
  await until("lens: ExposureTime is unlocked", () => panel(page).getByLabel("ExposureTime", { exact: true }).isEnabled());
  await panel(page).getByLabel("ExposureTime, slider").focus();
  const before = await feature("ExposureTime");
  await page.keyboard.press("ArrowLeft");
  await until("lens: an arrow key on the slider changes the exposure", async () => (await feature("ExposureTime")) !== before);
  await page.getByLabel("Tool", { exact: true }).selectOption("focus");
  const box = await page.locator(".picture canvas").boundingBox();
  await page.mouse.click(box.x + box.width * 0.6, box.y + box.height / 2);
  await until("lens: a click in the picture focuses there", async () => {
    const signals = await api("/camera/signals?since=0&limit=5000");
    return (await feature("AutoFocusROIEnable")) && (await feature("AutoFocusROILeft")) > 1000 && signals.signals.some((one) => one.signal === "lens_move_begin" && one.part === "focus");
  });
  await page.getByLabel("Tool", { exact: true }).selectOption("pan");
}

async function features(page) {
  await show(page, "Features");
  await page.getByLabel("Search").fill("Gamma");
  await panel(page).getByLabel("Gamma", { exact: true }).fill("0.5");
  await page.keyboard.press("Enter");
  await until("features: a value is found and written", async () => Math.abs((await feature("Gamma")) - 0.5) < 0.01);
  await until("features: it differs from the user set", () => page.getByText(/^user set: 1/).count());
  await api("/camera/features/Gamma", "PUT", { value: 1 });
  await until("features: what somebody else changes is seen, and marked", async () =>
    (await panel(page).getByLabel("Gamma", { exact: true }).inputValue()) === "1" && (await page.locator(".feature.foreign").count()) === 1);
  await page.getByLabel("Search").fill("OffsetX");
  await until("features: a locked one says why", () => page.getByText(/Locked: .*OffsetAutoCenter is true/).count());
  that("features: and cannot be written", await panel(page).getByLabel("OffsetX", { exact: true }).isDisabled());
  await page.getByLabel("Search").fill("");
}

async function scope(page) {
  await show(page, "Scope");
  await page.getByRole("button", { name: "Let the camera wait for triggers" }).click();
  await until("scope: the camera waits for triggers", async () => (await feature("TriggerMode")) === "On");
  await page.getByLabel("Period").fill("20000");
  await page.getByLabel("Width").fill("100");
  await page.getByRole("button", { name: "Start train" }).click();
  await until("scope: triggers expose", async () => (await api("/camera")).counts.frames_exposed > 0);
  await until("scope: missed triggers are listed with their reason", () => page.getByText(/the (exposure|readout) of frame \d+ was under way/).first().isVisible());
  await page.locator(".scope canvas").focus();
  await page.keyboard.press("a");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("b");
  await until("scope: two cursors measure an interval", () => page.getByText(/A .* s · B .* s · .* ms/).count());
  await page.getByRole("button", { name: "Follow" }).click();
  await api("/camera/features/AcquisitionStop", "PUT", {});
  await api("/camera/features/TriggerMode", "PUT", { value: "Off" });
}

async function faults(page) {
  const aravis = (await ask("stream by Aravis")) === "done";
  if (aravis) {
    await until("Aravis: the header says that the camera sends", () => page.getByText("sending", { exact: true }).count());
    await until("Aravis: the live view shows its frames", async () => /Stream, block \d+/.test(await page.locator(".caption .source").textContent()));
    await show(page, "Lens");
    await until("Aravis: the automatics tell what they measure", async () => /\d of \d+ wanted/.test(await panel(page).getByLabel("Automatics").textContent()));
  }
  await show(page, "Faults");
  await page.getByText("When, how often, and which").click();
  await page.getByLabel("Seed").fill("-1");
  await page.getByRole("button", { name: "Set the fault" }).click();
  await until("faults: what the schema refuses is refused with a sentence", () => page.getByText(/seed: A number from 0/).count());
  await page.getByLabel("Seed").fill("");
  await page.getByRole("button", { name: "Set the fault" }).click();
  await until("faults: 5 % of the packets are lost", async () => {
    const { faults: list } = await api("/camera/faults");
    return list.length === 1 && list[0].fault === "packet_loss" && list[0].content.rate === 0.05;
  });
  await show(page, "Network");
  if (aravis)
    await until("network: packets are asked for, and sent again", async () => /Resent[1-9][\d ]* packets/.test(await panel(page).textContent()));
  await show(page, "Faults");
  await page.getByRole("button", { name: "Pull the cable" }).click();
  await show(page, "Network");
  await until("network: the cable is pulled", () => page.getByText("cable pulled").count());
  if (aravis) await until("network: the client has lost the camera", () => page.getByText("Nobody controls the camera.").count());
  await show(page, "Faults");
  await page.getByRole("button", { name: "Clear all faults" }).click();
  await until("faults: one button clears all", async () => (await api("/camera/faults")).faults.length === 0);
  if (aravis) await ask("end Aravis");
}

async function world(page) {
  await show(page, "World");
  await page.getByRole("button", { name: "Conveyor" }).click();
  await until("world: a card puts its scene before the camera", async () => (await api("/world")).name === "conveyor");
  await until("world: parts pass by in the live view", async () => {
    const before = await page.locator(".caption").textContent();
    await page.waitForTimeout(400);
    return before !== (await page.locator(".caption").textContent());
  });
  await page.getByRole("button", { name: /^Add, 1 m/ }).click();
  await until("world: a thing is added", async () => (await api("/world")).content.items.some((one) => one.kind === "qr"));
  await panel(page).getByRole("button", { name: "Pause" }).click();
  await until("world: the clock pauses", async () => (await api("/clock")).rate === 0);
  await panel(page).getByRole("button", { name: "Go on" }).click();
  await until("world: and goes on", async () => (await api("/clock")).rate === 1);
  await show(page, "Side view");
  const thing = page.locator('[data-name^="qr"]').first();
  await thing.focus();
  await page.keyboard.press("ArrowRight");
  that("side view: the lamp shines", (await page.locator(".lamp.lit").count()) === 2);
  await until("side view: an arrow key moves a thing away", async () => (await api("/world")).content.items.find((one) => one.kind === "qr").position_m[2] > 1);
}

async function others(page) {
  await show(page, "Scenarios");
  await page.getByLabel("Scenario", { exact: true }).selectOption("heartbeat");
  await until("scenarios: those of the examination are there", () => page.getByText(/Nothing but the stream is under way/).first().isVisible());
  await page.getByLabel("Scenario", { exact: true }).selectOption("The lens zooms");
  await page.getByRole("button", { name: "Run" }).click();
  await until("scenarios: one runs, and has a verdict", () => page.getByText("Verdict: passed").count());
  await api("/camera/features/ExposureAuto", "PUT", { value: "Off" });
  await show(page, "Housing");
  await api("/camera/lines/trigger_in", "PUT", { high: true });
  await until("housing: the pin of TRIGGER_IN shows its level", () => page.getByText("TRIGGER_IN: high, current flows").count());
  await api("/camera/lines/trigger_in", "PUT", { high: false });
}

async function controlled(page) {
  await ask("take control");
  await until("control: the header says who has it", () => page.getByText(/^127\.0\.0\.\d+:\d+$/).count());
  await show(page, "Journal");
  await until("journal: the client's commands are there", () => page.getByText("WRITEREG_CMD").count());
  await page.getByLabel("command").fill("WRITEREG_CMD");
  await page.keyboard.press("Enter");
  await ask("read a register");
  await ask("write a register");
  await until("journal: a filter lets through what fits, as it comes", async () => {
    const commands = await page.locator(".journal .entry td:nth-child(4)").allTextContents();
    return commands.length >= 3 && commands.every((one) => one === "WRITEREG_CMD");
  });
  await page.getByLabel("command").fill("");
  await show(page, "Lens");
  await panel(page).getByLabel("Zoom", { exact: true }).fill("450");
  await page.keyboard.press("Enter");
  await until("control: held by another, a write is refused with a sentence", () => page.getByText(/controls the camera, so Zoom was not written/).count());
  that("control: and nothing has changed", (await feature("Zoom")) !== 450);
  await page.getByRole("button", { name: "Write all the same" }).click();
  await until("control: it can be written all the same", async () => (await feature("Zoom")) === 450);
  await ask("give control up");
}

async function keyboard(page) {
  await page.goto(`${open}/#panel=lens`);
  await page.reload();
  await page.getByRole("tab", { name: "Lens" }).waitFor();
  const reached = [];
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.id || document.activeElement.tagName));
    if (reached.at(-1) === "tab-lens") break;
  }
  that("keyboard: Tab reaches the picture and the panels", reached.includes("CANVAS") && reached.at(-1) === "tab-lens", reached);
  await page.keyboard.press("ArrowRight");
  await until("keyboard: arrows choose a panel", async () => /panel=world/.test(page.url()));
  await page.keyboard.press("Tab");
  that("keyboard: Tab goes into it", (await page.evaluate(() => document.activeElement.id)) === "panel");
}

async function gone(page) {
  await ask("end the camera");
  await until("server gone: the page says so, and what to do", () => page.getByText(/gigemu does not answer/).count());
  await ask("start the camera");
  await until("server back: the page goes on by itself", async () => (await page.getByText(/gigemu does not answer/).count()) === 0 && /Exposed/.test(await page.locator(".caption .source").textContent()));
}

async function locked(browser) {
  let page = await opened(browser, `${readOnly}/#panel=lens`);
  await until("read-only: the page shows it", () => page.getByText(/served read-only/).count());
  that("read-only: controls are locked", await panel(page).getByLabel("Zoom", { exact: true }).isDisabled());
  await page.close();
  page = await opened(browser, `${token.url}/`);
  await until("token: the page asks for it", () => page.getByLabel(/asks for its token/).count());
  await page.getByLabel(/asks for its token/).fill("wrong");
  await page.getByRole("button", { name: "Continue" }).click();
  await until("token: a wrong one is not taken", () => page.getByLabel(/asks for its token/).count());
  await page.getByLabel(/asks for its token/).fill(token.text);
  await page.getByRole("button", { name: "Continue" }).click();
  await until("token: with the right one there is a picture", async () => /Exposed/.test(await page.locator(".caption .source").textContent()));
  that("token: it is in no URL", !page.url().includes(token.text));
  await page.close();
}

/** The switch between cameras of one program. A program has one today: the second one here is another program's. */
async function several(browser) {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const own = (await api("/camera")).serial, other = "39265002";
  await page.route(`${open}/api/v1/cameras`, (route) => route.fulfill({ json: { cameras: [own, other].map((serial) => ({ serial, model: "", user_name: "", address: "" })) } }));
  await page.route(`${open}/api/v1/cameras/${other}**`, (route) =>
    /events/.test(route.request().url()) ? route.abort() : route.fetch({ url: route.request().url().replace(open, readOnly) }).then((response) => route.fulfill({ response })).catch(() => {}));
  await page.goto(`${open}/`);
  await page.getByLabel("Camera", { exact: true }).selectOption(other);
  await until("two cameras: the switch shows the other one", () => page.locator("header").getByText(`${other} “other”`).count());
  await until("two cameras: its picture is there, and the URL names it", async () => /Exposed/.test(await page.locator(".caption .source").textContent()) && page.url().includes(`camera=${other}`));
  await page.getByLabel("Camera", { exact: true }).selectOption(own);
  await until("two cameras: and back", () => page.locator("header").getByText(own, { exact: true }).count());
  await page.close();
}

async function rules(browser) {
  const source = readFileSync(axe, "utf8");
  for (const colorScheme of ["light", "dark"]) {
    const page = await opened(browser, `${open}/`, { colorScheme });
    await page.locator(".caption .source").waitFor();
    const found = [];
    await page.evaluate(source);
    for (const name of kPanels) {
      await page.evaluate((panel) => (location.hash = `panel=${panel}&histogram=1`), name);
      await page.locator(`#tab-${name}[aria-selected=true]`).waitFor();
      await page.locator("#panel h2").first().waitFor();
      const { violations } = await page.evaluate(() => axe.run());
      for (const one of violations) found.push(`${name}: ${one.id} at ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ""}`)}`);
    }
    that(`axe-core finds no violation in ${kPanels.length} panels, ${colorScheme}`, found.length === 0, found.join("; "));
    await page.close();
  }
  const page = await opened(browser, `${open}/`, { viewport: { width: 390, height: 844 } });
  await page.locator(".caption .source").waitFor();
  const beyond = [];
  for (const name of kPanels) {
    await page.evaluate((panel) => (location.hash = `panel=${panel}`), name);
    await page.locator("#panel h2").first().waitFor();
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    if (wide > room) beyond.push(`${name}: ${wide}`);
  }
  that("phone: no panel is wider than the screen", beyond.length === 0, beyond);
  await page.close();
}

async function pictures(browser) {
  mkdirSync(shots, { recursive: true });
  const put = (name, value) => api(`/camera/features/${name}`, "PUT", value === undefined ? {} : { value });
  await put("ExposureAuto", "Off");
  await put("ExposureTime", 12000);
  const views = [
    ["light", "panel=lens&show=boxes,regions", {}], ["world", "panel=world", { height: 900 }], ["dark", "panel=features&histogram=1&show=cross", { colorScheme: "dark" }],
    ["wide", "panel=side&show=masks,boxes&histogram=1", { width: 1920, height: 1080 }], ["phone", "panel=lens", { width: 390, height: 844 }],
    ["scope", "panel=scope&span=500000000", {}], ["faults", "panel=faults&fault=packet_loss", {}], ["network", "panel=network", { colorScheme: "dark" }],
  ];
  for (const [name, hash, { width = 1366, height = 768, colorScheme = "light" }] of views) {
    const page = await opened(browser, `${open}/#${hash}`, { viewport: { width, height }, colorScheme });
    await page.locator(".caption .source").waitFor();
    if (name === "scope") {
      await put("ExposureTime", 30000);
      await put("TriggerMode", "On");
      await put("AcquisitionStart");
      await page.waitForTimeout(1000);
      await api("/camera/lines/trigger_in/train", "POST", { period_us: 20000, width_us: 2000, count: 15 });
      await page.waitForTimeout(450);
    } else if (name === "faults") {
      await put("AcquisitionStop");
      await put("TriggerMode", "Off");
      await put("ExposureTime", 12000);
      await ask("stream by Aravis");
      await page.locator(".caption .source.stream").waitFor();
      await api("/camera/faults", "POST", { fault: "packet_loss", rate: 0.05 });
      await page.waitForTimeout(3000);
    } else await page.waitForTimeout(name === "world" ? 8000 : 4000);
    await page.screenshot({ path: `${shots}/${name}.png` });
    console.log(`told\t${shots}/${name}.png`);
    await page.close();
  }
}

/** All panels in turn, with the live view and events at work: what is kept of it? */
async function long(browser) {
  const put = (name, value) => api(`/camera/features/${name}`, "PUT", value === undefined ? {} : { value });
  for (const [name, value] of [["Width", 640], ["Height", 480], ["ExposureAuto", "Off"], ["ExposureTime", 5000], ["TriggerMode", "On"], ["AcquisitionStart"]]) await put(name, value);
  await api("/camera/lines/trigger_in/train", "POST", { period_us: 200000, width_us: 1000, count: 0 });
  const page = await opened(browser, `${open}/#histogram=1&show=boxes,masks,clipped,peaking`);
  const inside = await page.context().newCDPSession(page);
  const began = Date.now();
  for (let turn = 0; Date.now() - began < minutes * 60000; ++turn) {
    for (const name of kPanels) {
      await page.evaluate((panel) => (location.hash = `panel=${panel}&histogram=1&show=boxes,masks,clipped,peaking`), name);
      await put("BlackLevel", 240 + (turn % 2));
      await page.waitForTimeout(3000);
    }
    await inside.send("HeapProfiler.collectGarbage");
    const { usedSize } = await inside.send("Runtime.getHeapUsage");
    console.log(`sample\t${(Date.now() - began) / 1000}\t${usedSize}\t${await ask("tell the memory")}`);
  }
  await page.close();
  that("the console of the browser has no error", wrong.length === 0, wrong.slice(0, 3).join("; "));
}

/** Looks on, with one state of the page after the other, until there is a line on stdin. */
async function lookOn(browser) {
  const page = await opened(browser, `${look}/`);
  await page.locator(".caption .source").waitFor();
  console.log("looks");
  let ends = false;
  answers.next().then(() => (ends = true));
  for (let i = 0; !ends; ++i) {
    await page.evaluate((hash) => (location.hash = hash), hashes[i % hashes.length]);
    await page.waitForTimeout(400);
  }
  const seen = await page.locator(".caption .source").textContent();
  console.log(`saw\t${seen}`);
  await page.close();
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  if (look) await lookOn(browser);
  else if (shots) await pictures(browser);
  else if (minutes) await long(browser);
  else {
    const began = Date.now();
    const page = await opened(browser, `${open}/`);
    await page.locator(".caption .source").waitFor();
    console.log(`told\tthe first picture came ${Date.now() - began} ms after the page was asked for`);
    for (const act of [live, lens, world, features, scope, faults, others, controlled, keyboard, gone]) await act(page).catch((error) => that(`${act.name} runs to its end`, false, error.message.split("\n").slice(0, 3).join(" ")));
    await page.close();
    for (const act of [several, locked, rules]) await act(browser).catch((error) => that(`${act.name} runs to its end`, false, error.message.split("\n").slice(0, 3).join(" ")));
    that("the console of the browser has no error", wrong.length === 0, wrong.slice(0, 3).join("; "));
  }
} finally {
  await browser.close();
}
process.exit(0);
