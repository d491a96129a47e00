// The checks, and what they come to. "pass" is only ever said of what was done.
const WORDS = {
  pass: ["충족", "Pass"], fail: ["불충족", "Fail"], not_run: ["미실시", "Not run"],
};
const SOURCES = {
  served: ["이 서버가 내보낸 파일", "the files as this server sent them"],
  copy: ["이 쪽 안에 든 사본 (폴더의 파일은 아래에서 고르십시오)", "the copy inside this page (choose the folder below for its files)"],
  folder: ["고르신 폴더의 파일", "the files of the folder you chose"],
};
const RESULTS = {
  verified: ["검증됨", "Verified", "모든 확인이 맞고, 직접 받은 키로 서명이 확인되었습니다.", "Every check made holds, and the key you pasted signed it."],
  copy: ["사본 검증됨", "Copy verified", "쪽 안의 사본은 모두 맞고, 직접 받은 키로 서명이 확인되었습니다. 폴더의 파일은 아직 보지 않았습니다.", "The copy inside this page holds, and the key you pasted signed it. The files in the folder have not been looked at."],
  untrusted: ["내용은 일치함", "Consistent", "확인한 것은 모두 맞습니다. 누가 서명했는지는 직접 받은 공개키를 넣어야 알 수 있습니다.", "Every check made holds. Who signed it, only a key of your own can tell: paste one below."],
  inconclusive: ["판단 불가", "Inconclusive", "맞지 않는 것은 없으나 하지 못한 확인이 있습니다.", "Nothing fails, but a check could not be made."],
  failed: ["검증 실패", "Failed", "맞지 않는 것이 있습니다. 폴더를 그대로 보존하고 아래 이름과 함께 공표 기관에 물으십시오.", "Something does not hold. Keep the folder as it is and ask the publisher, with the names below."],
};
const COUNTED = {
  files: ["파일", "files", "개"], record: ["행위", "acts", "건"], totals: ["팀", "teams", "개"],
  ranks: ["팀", "teams", "개"], cards: ["카드", "cards", "장"], pages: ["쪽", "pages", "개"],
};
const HOLDS = ["이상 없음", "Holds."];
const NO_KEY = ["붙여 넣은 키가 없습니다.", "No key was pasted."];
const NO_PAGE_KEY = ["이 쪽에는 키가 실려 있지 않습니다.", "This page carries no key."];
const BAD_KEY = ["공개키로 읽을 수 없습니다. PEM이나 16진수 64자를 붙여 넣으십시오.", "Not a public key: paste PEM, or 64 hex digits."];
const NO_ED25519 = ["이 브라우저의 WebCrypto는 Ed25519를 지원하지 않습니다. 다른 브라우저나 명령줄을 쓰십시오.", "This browser’s WebCrypto has no Ed25519: use another browser or the command line."];
const NO_CRYPTO = ["이 주소에서는 WebCrypto를 쓸 수 없습니다. https로 열거나 디스크에서 여십시오.", "WebCrypto is not available at this address: open the page over https or from disk."];
const NO_PAGES = ["쪽 자체를 읽을 수 없습니다. 사이트 폴더 전체를 고르십시오.", "The pages themselves cannot be read here: choose the whole folder of the site."];
const UNREADABLE = ["앞의 확인이 실패하여 읽을 수 없습니다.", "Cannot be read: see what failed above."];
const NOT_SIGNED = ["이 키의 서명이 아님", "not signed by this key"];
const ALTERED = ["변경됨", "altered"];
const MISSING = ["없음", "missing"];
const NOT_LISTED = ["목록에 없음", "not listed"];

const setup = JSON.parse(document.getElementById("setup").textContent);
let current = null;

function spans(parent, pair) {
  parent.replaceChildren(...["ko", "en"].map((lang, at) => {
    const span = document.createElement("span");
    span.lang = lang;
    span.textContent = pair[at];
    return span;
  }));
}

function show(id, result, pair, problems = []) {
  const row = document.getElementById(`check-${id}`);
  row.dataset.result = result;
  const mark = row.querySelector(".mark");
  mark.className = `mark mark-${result}`;
  spans(mark, WORDS[result]);
  const detail = row.querySelector(".detail");
  const said = document.createElement("p");
  spans(said, pair);
  detail.replaceChildren(...(problems.length ? [] : [said]));
  if (!problems.length) return;
  const list = document.createElement("ul");
  list.className = "problems";
  for (const [place, why] of problems) {
    const item = document.createElement("li");
    const name = document.createElement("code");
    name.textContent = place;
    const reason = document.createElement("span");
    spans(reason, why);
    item.append(name, " ", reason);
    list.append(item);
  }
  detail.append(list);
}

function settle(id, problems, count) {
  const done = COUNTED[id] && count
    ? [`${COUNTED[id][0]} ${count}${COUNTED[id][2]}: 이상 없음`, `${count} ${COUNTED[id][1]}: all hold.`]
    : HOLDS;
  show(id, problems.length ? "fail" : "pass", done, problems);
}

function readJson(bytes) {
  return JSON.parse(text.decode(bytes));
}

async function fileProblems(source) {
  const problems = [];
  const contents = readJson(source.bundle.get(setup.contents));
  const names = new Set([setup.contents, setup.envelope]);
  for (const file of contents.files) {
    names.add(file.path);
    const bytes = source.bundle.get(file.path);
    if (!bytes) problems.push([file.path, MISSING]);
    else if (bytes.length !== file.size_bytes || (await digestOf(bytes)) !== file.digest) {
      problems.push([file.path, ALTERED]);
    }
  }
  for (const path of source.bundle.keys()) {
    if (!names.has(path)) problems.push([path, NOT_LISTED]);
  }
  return problems;
}

async function recordProblems(source) {
  const contents = readJson(source.bundle.get(setup.contents));
  const paths = [...source.bundle.keys()].filter((path) => path.startsWith(setup.actsFolder));
  // Code points, as the record orders them; paths are ASCII.
  paths.sort((one, other) => (one < other ? -1 : 1));
  const leaves = await Promise.all(paths.map((path) => leafHash(source.bundle.get(path))));
  const root = "sha256:" + hex(await treeRoot(leaves));
  const holds = paths.length === contents.acts && root === contents.acts_root;
  const why = [`머리 해시값이 다름: ${root}`, `another tree head: ${root}`];
  return holds ? [] : [[setup.contents, why]];
}

// The envelope as its canonical bytes; a changed byte outside the signature is
// harmless and still not what was published.
async function signatureProblems(source, raw) {
  const bytes = source.bundle.get(setup.envelope);
  const envelope = readJson(bytes);
  const payload = fromBase64(envelope.payload);
  const problems = [];
  if (!sameBytes(payload, source.bundle.get(setup.contents))) {
    problems.push([setup.contents, ["서명된 내용과 다름", "not what was signed"]]);
  }
  const { payloadType, signatures } = envelope;
  const canonical = JSON.stringify({
    payload: envelope.payload,
    payloadType,
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })),
  });
  const keyId = await digestOf(raw);
  const isOwn = signatures.every(({ keyid }) => keyid === keyId);
  const message = preAuthentication(setup.payloadType, payload);
  let signed = payloadType === setup.payloadType ? false : undefined;
  for (const { sig } of signed === false ? signatures : []) {
    const found = await isSigned(raw, message, fromBase64(sig));
    if (found === null) return problems.length ? problems : null;
    signed = signed || found;
  }
  if (!signed) problems.push([setup.envelope, NOT_SIGNED]);
  else if (!isOwn || !sameBytes(utf8.encode(canonical), bytes)) {
    problems.push([setup.envelope, ALTERED]);
  }
  return problems;
}

async function checkSignature(id, source, given, absent) {
  if (!given.trim()) return show(id, "not_run", absent);
  const raw = rawKey(given);
  if (!raw) return show(id, "not_run", BAD_KEY);
  try {
    const problems = await signatureProblems(source, raw);
    return problems === null ? show(id, "not_run", NO_ED25519) : settle(id, problems);
  } catch {
    return show(id, "fail", UNREADABLE, [[setup.envelope, ALTERED]]);
  }
}

function atPointer(value, pointer) {
  return pointer.split("/").slice(1).reduce((found, key) => found[key], value);
}

// A card is right where its value is the signed act's and is what it shows.
function isRightCard(page, act, { pointer }) {
  const recorded = atPointer(act, pointer);
  // Without its style, which this page's own policy would refuse with a complaint.
  const bare = page.replace(/<style>[\s\S]*?<\/style>/g, "");
  const card = new DOMParser().parseFromString(bare, "text/html").querySelector(".claim-value");
  if (!card || card.value === undefined) return false;
  if (JSON.stringify(recorded) !== JSON.stringify(JSON.parse(card.value))) return false;
  const mark = card.querySelector(".mark");
  switch (card.dataset.shown) {
    case "text": return card.textContent.trim() === String(recorded);
    case "rounded": return isRounded(card.textContent.trim(), recorded * card.dataset.scale);
    case "word": return mark !== null && mark.classList.contains(`mark-${recorded}`);
    default: return card.dataset.shown === "none" || recorded === null;
  }
}

// Statistics are shown rounded; half a unit of the last digit is what that costs.
function isRounded(shown, recorded) {
  const written = shown.replace("\u2212", "-");
  const places = (written.split(".")[1] ?? "").length;
  return Math.abs(Number(written) - recorded) <= 0.5000001 * 10 ** -places;
}

function cardProblems(source) {
  const problems = [];
  for (const claim of setup.claims) {
    const page = source.site.get(claim.page);
    if (!page) {
      problems.push([claim.page, MISSING]);
      continue;
    }
    let isRight = false;
    try {
      isRight = isRightCard(text.decode(page), readJson(source.bundle.get(claim.act)), claim);
    } catch { /* what cannot be read is not right */ }
    if (!isRight) problems.push([claim.page, ["기록과 다름", "not what the record says"]]);
  }
  return problems;
}

async function pageProblems(source) {
  const problems = [];
  const index = readJson(source.site.get(setup.pages));
  if (index.bundle !== (await digestOf(source.bundle.get(setup.contents)))) {
    problems.push([setup.pages, ["다른 묶음의 것", "of another bundle"]]);
  }
  const names = new Set([setup.pages, ...index.pages.map((page) => page.path)]);
  for (const page of index.pages) {
    const bytes = source.site.get(page.path);
    if (!bytes) problems.push([page.path, MISSING]);
    else if ((await digestOf(bytes)) !== page.digest) problems.push([page.path, ALTERED]);
  }
  for (const path of source.site.keys()) {
    if (!names.has(path)) problems.push([path, NOT_LISTED]);
  }
  return problems;
}

// RFC 8785 of values that hold text, whole numbers, lists and objects only.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

async function logProblems(source) {
  const served = source.site && source.site.get(setup.logFile);
  if (source.site && !served) return [[setup.logFile, MISSING]];
  const log = served ? readJson(served) : setup.log;
  let previous = await digestOf(source.bundle.get(setup.contents));
  for (const [at, entry] of log.corrections.entries()) {
    if (entry.number !== at + 1 || entry.previous !== previous) {
      return [[`${setup.logFile} #${at + 1}`, ["사슬이 끊어짐", "the chain is broken"]]];
    }
    previous = await digestOf(utf8.encode(canonical(entry)));
  }
  return canonical(log) === canonical(setup.log) ? [] : [[setup.logFile, ALTERED]];
}

// What cannot be read was altered: the file that the check rests on is named.
async function attempt(id, place, count, problems) {
  try {
    settle(id, await problems(), count);
  } catch {
    show(id, "fail", UNREADABLE, [[place, UNREADABLE]]);
  }
}

function actCount(source) {
  return [...source.bundle.keys()].filter((path) => path.startsWith(setup.actsFolder)).length;
}

async function checkScores(source) {
  const named = (found) => found.map((place) => [place, ["맞지 않음", "does not follow"]]);
  const standing = () => readJson(source.bundle.get(setup.standing)).body;
  const rulebook = () => readJson(source.bundle.get(setup.rules)).body.rulebook;
  const teams = setup.teams;
  await attempt("totals", setup.standing, teams, () => named(sumProblems(standing(), rulebook())));
  await attempt("ranks", setup.standing, teams, () => named(rankProblems(standing())));
}

async function checkSite(source) {
  if (source.site) {
    await attempt("cards", setup.bundle, setup.claims.length, () => cardProblems(source));
    await attempt("pages", setup.pages, source.site.size, () => pageProblems(source));
  } else {
    show("cards", "not_run", NO_PAGES);
    show("pages", "not_run", NO_PAGES);
  }
  await attempt("log", setup.logFile, 0, () => logProblems(source));
}

function conclude() {
  const of = (id) => document.getElementById(`check-${id}`).dataset.result;
  const rows = [...document.querySelectorAll(".check")].map((row) => row.dataset.result);
  const needed = ["files", "record", "totals", "ranks", "log"];
  let word = "untrusted";
  if (rows.includes("fail")) word = "failed";
  else if (needed.some((id) => of(id) !== "pass")) word = "inconclusive";
  else if (of("signature-own") === "pass") word = "verified";
  else if (of("signature-page") !== "pass") word = "inconclusive";
  const result = document.getElementById("result");
  result.dataset.result = word;
  const said = RESULTS[word === "verified" && current.name === "copy" ? "copy" : word];
  spans(document.getElementById("result-word"), said.slice(0, 2));
  spans(document.getElementById("result-detail"), said.slice(2));
}

async function checkKeys(source) {
  const pasted = document.getElementById("key").value;
  await checkSignature("signature-own", source, pasted, NO_KEY);
  await checkSignature("signature-page", source, setup.publicKey, NO_PAGE_KEY);
}

async function run(source) {
  current = source;
  spans(document.getElementById("source"), SOURCES[source.name]);
  await attempt("files", setup.contents, source.bundle.size, () => fileProblems(source));
  await attempt("record", setup.contents, actCount(source), () => recordProblems(source));
  await checkKeys(source);
  await checkScores(source);
  await checkSite(source);
  conclude();
  document.documentElement.dataset.checked = source.name;
}

function refuse(reason) {
  for (const row of document.querySelectorAll(".check:not(#check-derivation)")) {
    show(row.id.slice("check-".length), "not_run", reason);
  }
  conclude();
  document.documentElement.dataset.checked = "nothing";
}

async function begin() {
  if (!globalThis.crypto || !crypto.subtle) return refuse(NO_CRYPTO);
  document.getElementById("folder").addEventListener("change", async (event) => {
    delete document.documentElement.dataset.checked;
    const source = await chosenSource(setup, event.target.files);
    // The same folder can be chosen again once it was put right.
    event.target.value = "";
    await run(source);
  });
  document.getElementById("use-key").addEventListener("click", async () => {
    if (!current) return;
    delete document.documentElement.dataset.checked;
    await checkKeys(current);
    conclude();
    document.documentElement.dataset.checked = current.name;
    document.getElementById("check-signature-own").scrollIntoView({ block: "center" });
  });
  if (location.protocol !== "file:") return run(await servedSource(setup));
  if (setup.embedded) return run(embeddedSource());
  return refuse(NO_PAGES);
}

begin();
