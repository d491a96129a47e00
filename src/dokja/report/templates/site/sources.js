// Where the files come from: fetched, copied into this page, or a chosen folder.
// A source is {name, bundle, site, isWhole}: paths to bytes; site is null where
// the pages cannot be read; isWhole where nothing else can lie in the folder.

function embeddedSource() {
  const bundle = new Map();
  for (const block of document.querySelectorAll("script[data-copy]")) {
    try {
      bundle.set(block.dataset.copy, utf8.encode(JSON.parse(block.textContent)));
    } catch {
      bundle.set(block.dataset.copy, new Uint8Array());
    }
  }
  return { name: "copy", bundle, site: null, isWhole: true };
}

async function fetched(path) {
  const answer = await fetch(path, { cache: "no-store" });
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

async function fetchedAll(paths, prefix) {
  const found = new Map();
  const left = [...paths];
  const worker = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const address = prefix + path.split("/").map(encodeURIComponent).join("/");
      const bytes = await fetched(address);
      if (bytes) found.set(path, bytes);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return found;
}

function listed(bytes, key) {
  try {
    return JSON.parse(text.decode(bytes))[key].map((file) => file.path);
  } catch {
    return [];
  }
}

async function servedSource(setup) {
  const fixed = [setup.contents, setup.envelope];
  const own = await fetchedAll(fixed, setup.bundle);
  const names = own.has(setup.contents) ? listed(own.get(setup.contents), "files") : [];
  const bundle = await fetchedAll(names, setup.bundle);
  for (const [path, bytes] of own) bundle.set(path, bytes);
  const pages = await fetchedAll([setup.pages], "");
  const paths = pages.has(setup.pages) ? listed(pages.get(setup.pages), "pages") : [];
  const site = await fetchedAll(paths, "");
  for (const [path, bytes] of pages) site.set(path, bytes);
  return { name: "served", bundle, site, isWhole: false };
}

async function chosenSource(setup, files) {
  const all = new Map();
  for (const file of files) {
    const path = (file.webkitRelativePath || file.name).split("/").slice(1).join("/");
    all.set(path, new Uint8Array(await file.arrayBuffer()));
  }
  if (all.has(setup.contents)) {
    return { name: "folder", bundle: all, site: null, isWhole: true };
  }
  const [bundle, site] = [new Map(), new Map()];
  for (const [path, bytes] of all) {
    if (path.startsWith(setup.bundle)) bundle.set(path.slice(setup.bundle.length), bytes);
    else site.set(path, bytes);
  }
  return { name: "folder", bundle, site, isWhole: true };
}
