#!/usr/bin/env python3
"""Verifies a bundle of Export Ledger: python3 verify.py BUNDLE [--key VERIFIER_KEY]...

Needs Python 3.8 and nothing else; talks to nobody. Ends with 0: verified; 1: not verified, and the first bad position. Without a
key that you know from elsewhere, those in the bundle are used, which proves only that the bundle agrees with itself. Written
from docs/audit.md, which tells every format used below, and not from the program that makes bundles.
"""
import argparse, base64, hashlib, json, os, re, sys
from decimal import Decimal

ENVELOPE = ["body_hash", "causation_id", "correlation_id", "event_id", "headers", "position", "recorded_at", "stream_id", "tenant_id", "type", "version"]
COLUMNS = ["position", "recorded_at", "type", "stream_id", "version", "event_id", "tenant_id", "correlation_id", "causation_id", "headers", "body_hash", "salt", "data", "leaf_hash"]
CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r?\n)')

class Fault(Exception):
    """What is wrong, and at which position: 0 is at none, None at the one that is due."""

MALFORMED = Fault, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError  # what reading an edited text may end in

def check(holds, what, position=None):
    if not holds:
        raise Fault(what, position)

# ---- JSON: exact numbers, no member twice, and the one form that is hashed ----
Number = type("Number", (str,), {})  # a number as it is written: a float would round it

def parse(text):
    def members(pairs):
        check(len(pairs) == len(dict(pairs)), "a member stands twice in one object")
        return dict(pairs)
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number, object_pairs_hook=members)

def canonical_number(text):
    """As ECMAScript writes the double where the double is exactly the value; any other value with all its digits."""
    value = Decimal(text)
    check(value.is_finite(), f"no number: {text}")
    sign, digits, exponent = value.as_tuple()
    significant = "".join(map(str, digits)).lstrip("0")
    point, digits = len(significant) + exponent, significant.rstrip("0")  # the value is 0.digits * 10^point
    if not digits:
        return "0"
    if abs(point) < 400 and not -6 < point <= 21 and Decimal(repr(float(text))) == value:
        shape = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1:+d}"
    else:
        check(abs(point) + len(digits) <= 150_000, "a number has more digits than can be stored")
        whole = digits[:max(point, 0)] + "0" * (point - len(digits))
        shape = (whole or "0") + ("." + "0" * -point + digits[max(point, 0):] if len(digits) > point else "")
    return "-" * sign + shape

def canonical(value, depth=0):
    check(depth <= 256, "nested deeper than 256")
    if isinstance(value, Number):
        return canonical_number(value)
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name], depth + 1) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(element, depth + 1) for element in value) + "]"
    return json.dumps(value, ensure_ascii=False)  # of strings Python escapes exactly what RFC 8785 does

# ---- The tree: RFC 6962, section 2.1 ----
def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def grow(edge, leaves, subtree):  # the right edge of a tree: [(leaves, hash)] of perfect subtrees, each larger than the next
    while edge and edge[-1][0] == leaves:
        leaves, subtree = leaves * 2, sha256(b"\x01", edge.pop()[1], subtree)
    edge.append((leaves, subtree))

def root_of(edge):
    root = edge[-1][1] if edge else sha256()
    for _, subtree in reversed(edge[:-1]):
        root = sha256(b"\x01", subtree, root)
    return root

# ---- The signature: ECDSA over P-256 and SHA-256 (C2SP signed-note, type 0x02) ----
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296, 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")

def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P

def multiply(factor, point):
    rest = multiply(factor >> 1, add(point, point)) if factor else None
    return add(rest, point) if factor & 1 else rest

def signature_numbers(der):  # r and s of the DER sequence of two integers, in the one spelling DER allows
    def integer(value):
        body = value.to_bytes(value.bit_length() // 8 + 1, "big")
        return bytes([2, len(body)]) + body
    at = 4 + der[3] if 8 <= len(der) <= 72 else 0
    r, s = int.from_bytes(der[4:at], "big"), int.from_bytes(der[at + 2:], "big")
    body = integer(r) + integer(s)
    return (r, s) if der == bytes([0x30, len(body)]) + body else (0, 0)

def is_signed(spki, message, der):
    key = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    r, s = signature_numbers(der)
    check(0 < r < N and 0 < s < N, "the checkpoint's signature is malformed")
    inverse = pow(s, -1, N)
    point = add(multiply(int.from_bytes(sha256(message), "big") * inverse % N, G), multiply(r * inverse % N, key))
    return point is not None and point[0] % N == r

def base64_bytes(text):
    decoded = base64.b64decode(text, validate=True)
    check(base64.b64encode(decoded).decode() == text, f"not base64: {text[:40]!r}")
    return decoded

def verifier_key(text):
    """name+key id+base64(0x02 || SPKI), as (name, key id, SPKI)."""
    name, key_id, encoded = (text.split("+", 2) + ["", ""])[:3]
    key = base64_bytes(encoded)
    x, y = int.from_bytes(key[28:60], "big"), int.from_bytes(key[60:], "big")
    check(len(key) == 92 and key[:28] == b"\x02" + SPKI and max(x, y) < P and (y * y - x ** 3 + 3 * x - B) % P == 0, f"no ECDSA P-256 key: {text[:80]}")
    check(name and key_id == sha256(key[1:])[:4].hex(), f"the key {text[:80]} has another id")
    return name, key_id, key[1:]

def open_checkpoint(note, keys):
    """Origin, size and root of a checkpoint; None when none of the keys signed it. Signed wrongly by one of them, it is refused."""
    text, blank, signatures = note.rpartition("\n\n")
    check(blank and signatures.endswith("\n") and not any(c < " " and c != "\n" for c in note), "the checkpoint is no signed note")
    lines = [line.split(" ") for line in signatures[:-1].split("\n")]
    check(all(len(line) == 3 and line[0] == "\u2014" for line in lines), "the checkpoint has a malformed signature line")
    made = [(spki, signature[4:]) for _, signer, encoded in lines for signature in [base64_bytes(encoded)] for name, key_id, spki in keys if (name, key_id) == (signer, signature[:4].hex())]
    check(all(is_signed(spki, (text + "\n").encode("utf-8"), signature) for spki, signature in made), "a signature on the checkpoint is wrong")
    lines = text.split("\n")
    check(len(lines) >= 3 and all(lines) and lines[1].isascii() and lines[1].isdigit() and lines[1] == str(int(lines[1])), "the checkpoint has not origin, size and root")
    check(len(base64_bytes(lines[2])) == 32, "the checkpoint's root is no hash")
    return (lines[0], int(lines[1]), base64_bytes(lines[2])) if made else None

# ---- The bundle ----
def rows_of(path, digest):
    text = ""
    for line in open(path, "rb"):
        digest.update(line)
        text += line.decode("utf-8")
        if path.endswith(".csv") and text.count('"') % 2 == 1:
            continue  # a line break inside quotes
        check(text.endswith("\n"), "the file is cut short")
        if path.endswith(".csv"):
            cells = [CELL.fullmatch(cell) for cell in re.findall(r'(?:"[^"]*"|[^",])*[,\n]|.', text, re.DOTALL)]
            check(all(cells), "a row is no CSV")
            yield [cell[2] if cell[1] is None else cell[1].replace('""', '"') for cell in cells]
        else:
            yield parse(text)
        text = ""
    check(not text, "the file is cut short")

def events_of(path, digest):
    rows = rows_of(path, digest)
    if not path.endswith(".csv"):
        yield from rows
        return
    check(next(rows, None) == COLUMNS, "the first row has not the names of the columns")
    for row in rows:
        check(len(row) == len(COLUMNS), "a row has too few or too many cells")
        event = {name: (cell[1:] if cell[:1] == "'" else cell) if cell else None for name, cell in zip(COLUMNS, row)}
        yield {**event, "position": parse(event["position"])}

def gaps_of(path, digest):
    for gap in rows_of(path, digest):
        first, leaves, subtree = number(gap["first"]), number(gap["count"]), bytes.fromhex(gap["hash"])
        check(len(gap) == 3 and subtree.hex() == gap["hash"] and len(subtree) == 32 and first > 0 and leaves & (leaves - 1) == (first - 1) % leaves == 0, "a line is no subtree")
        yield first, leaves, subtree

def number(value):
    check(isinstance(value, Number) and value.isdigit(), f"no count: {value}")
    return int(value)

def leaf_of(event, tenant_id, is_csv):
    check(set(event) == set(COLUMNS), "the line has not exactly the members of an event")
    for name in ("version", "headers", "data") if is_csv else ():
        event[name] = event[name] and parse(event[name])
    check(event["tenant_id"] == tenant_id, "the event is another tenant's")
    leaf = sha256(b"\x00", canonical({name: event[name] for name in ENVELOPE}).encode("utf-8"))
    check(leaf.hex() == event["leaf_hash"], "the event is not the one its leaf was made of")
    salt = bytes.fromhex(event["salt"] or "")
    check(salt.hex() == event["salt"] and len(salt) == 16 or event["salt"] is None and event["data"] is None, "the salt is gone, or no salt")
    check(not salt or sha256(salt, canonical(event["data"]).encode("utf-8")).hex() == event["body_hash"], "the body is not the one that was recorded")
    return leaf

def fold(events, gaps, size, roots, selection, tenant_id, is_csv):
    edge, due, shown, system = [], 1, 0, selection["system_id"]
    items = system is not None and "item/" + system.replace("%", "%25").replace("/", "%2F") + "/"
    first, last = number(selection["first_position"]), number(selection["last_position"])
    check(0 < first and last <= size, "the selection reaches beyond the checkpoint")
    try:
        event, gap = next(events, None), next(gaps, None)
        while True:
            for root in roots.get(due - 1, []):
                check(root_of(edge) == root, f"positions 1 to {due - 1} do not have the root that was signed", 0)
            if event is None and gap is None and due > size:
                return shown
            position, begin = number(event["position"]) if event else size + 1, gap[0] if gap else size + 1
            check(min(position, begin) == due <= size and position != begin, "the event is missing, there once more, or behind the checkpoint", min(position, begin, due))
            if position == due:
                grow(edge, 1, leaf_of(event, tenant_id, is_csv))
                elsewhere = items and event["stream_id"].startswith("item/") and not event["stream_id"].startswith(items)
                check(first <= due <= last and not elsewhere, "the event was not selected")
                due, shown = due + 1, shown + 1
                event = next(events, None)
            else:
                _, leaves, subtree = gap
                check(due + leaves <= size + 1, "more is left out than there is")
                check(items or due > last or due + leaves <= first, "the event is left out, though it was selected", max(due, first))
                grow(edge, leaves, subtree)
                due += leaves
                gap = next(gaps, None)
    except MALFORMED as error:
        what, position = error.args if isinstance(error, Fault) else (error, None)
        raise Fault(what if position == 0 else f"position {position or due}: {what}", None)

def verify(folder, known):
    manifest = parse(open(os.path.join(folder, "manifest.json"), encoding="utf-8").read())
    check(manifest["format"] == "export-ledger-bundle/1", "the manifest is of another format")
    keys = [verifier_key(key) for key in known or manifest["keys"]]
    checkpoints = [open_checkpoint(note, keys) for note in [manifest["checkpoint"], *manifest.get("earlier_checkpoints", [])]]
    check(checkpoints[0], "the checkpoint is signed by no known key")
    (origin, size, _), roots = checkpoints[0], {}
    for log, covered, root in filter(None, checkpoints):
        check(log == manifest["origin"] and log.endswith("/" + manifest["tenant_id"]), f"the checkpoint is that of another log, {log}")
        roots.setdefault(covered, []).append(root)
    check(number(manifest["size"]) == size, "the checkpoint is that of another size")
    files = {file["name"]: file for file in manifest["files"]}
    names = "events.csv" if "events.csv" in files else "events.ndjson", "proof.ndjson"
    paths, digests = [os.path.join(folder, name) for name in names], [hashlib.sha256() for _ in names]
    shown = fold(events_of(paths[0], digests[0]), gaps_of(paths[1], digests[1]), size, roots, manifest["selection"], manifest["tenant_id"], names[0] == "events.csv")
    check(shown == number(manifest["events"]), "the manifest counts other events")
    for name, path, digest in zip(names, paths, digests):
        check(files[name]["sha256"] == digest.hexdigest() and number(files[name]["bytes"]) == os.path.getsize(path), f"{name} is not the file the manifest names")
    return f"{shown} of the {size} events of {origin}"

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Verifies a bundle of Export Ledger.")
    parser.add_argument("bundle", help="the directory `ledger export` wrote")
    parser.add_argument("--key", action="append", help="a key of the log as you know it from elsewhere; may be repeated")
    arguments = parser.parse_args()
    try:
        print(f"verified: {verify(arguments.bundle, arguments.key)}" + ("" if arguments.key else ", with the keys in the bundle: compare them with those you know"))
    except (OSError, *MALFORMED) as error:
        sys.exit(f"NOT VERIFIED: {error.args[0] if isinstance(error, Fault) else error}")
