"use strict";
// SHA-256, RFC 6962 tree heads, DSSE and Ed25519, by WebCrypto alone.
const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function digestOf(bytes) {
  return "sha256:" + hex(await sha256(bytes));
}

function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

// RFC 6962 section 2.1: leaves are prefixed with 0, nodes with 1, and a tree
// splits at the largest power of two below its size.
async function treeRoot(hashes) {
  if (hashes.length === 0) return sha256(new Uint8Array());
  if (hashes.length === 1) return hashes[0];
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  const left = await treeRoot(hashes.slice(0, split));
  const right = await treeRoot(hashes.slice(split));
  return sha256(joined(Uint8Array.of(1), left, right));
}

function leafHash(bytes) {
  return sha256(joined(Uint8Array.of(0), bytes));
}

function fromBase64(coded) {
  const plain = coded.replace(/-/g, "+").replace(/_/g, "/").replace(/\s/g, "");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

// DSSE v1.0.2, pre-authentication encoding.
function preAuthentication(type, payload) {
  const kind = utf8.encode(type);
  return joined(
    utf8.encode(`DSSEv1 ${kind.length} `), kind,
    utf8.encode(` ${payload.length} `), payload,
  );
}

// Raw 32 bytes of a public key given as PEM (RFC 8410) or as hex digits; null
// where the text is neither.
function rawKey(given) {
  const hexDigits = given.trim().replace(/^sha256:.*/, "");
  if (/^[0-9a-fA-F]{64}$/.test(hexDigits)) {
    return Uint8Array.from(hexDigits.match(/../g), (pair) => parseInt(pair, 16));
  }
  const pem = given.match(/-----BEGIN PUBLIC KEY-----([\s\S]+?)-----END PUBLIC KEY-----/);
  if (!pem) return null;
  try {
    const der = fromBase64(pem[1]);
    const isEd25519 = der.length === 44 && hex(der.slice(0, 12)) === "302a300506032b6570032100";
    return isEd25519 ? der.slice(12) : null;
  } catch {
    return null;
  }
}

// true, false, or null where this browser cannot check Ed25519.
async function isSigned(raw, message, signature) {
  let key;
  try {
    key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error.name === "DataError") return false;
    return null;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}
