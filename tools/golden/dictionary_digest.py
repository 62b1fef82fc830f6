"""Digests of a MeCab dictionary's entries that do not depend on how its trie was laid out.

For sys.dic and unk.dic: SHA-256 over all entries in ascending order of the surface's bytes, entries of one surface in
the dictionary's order. An entry is its surface, a zero byte, then left id (u16), right id (u16) and cost (i16),
little-endian. For matrix.bin and char.bin: SHA-256 of the file.

    python tools/golden/dictionary_digest.py [DICDIR]     (default: that of the PyPI package ipadic)
"""

import hashlib
import pathlib
import struct
import sys


def entries(data):
    header = struct.unpack_from("<10I", data)
    trie_size, token_size = header[6], header[7]
    assert header[0] ^ 0xEF718F77 == len(data) and header[1] == 102
    units = struct.unpack_from(f"<{trie_size // 4}i", data, 72)
    tokens = 72 + trie_size
    children = {}
    for slot in range(1, len(units) // 2):
        check = units[2 * slot + 1]
        if check:
            children.setdefault(check, []).append(slot)
    stack = [(units[0], b"")]
    while stack:
        node, surface = stack.pop()
        for slot in sorted(children.get(node, ()), reverse=True):
            code, base = slot - node, units[2 * slot]
            if code > 0:
                stack.append((base, surface + bytes([code - 1])))
            else:
                value = -base - 1
                for i in range(value >> 8, (value >> 8) + (value & 0xFF)):
                    left, right, _, cost = struct.unpack_from("<HHHh", data, tokens + 16 * i)
                    yield surface, left, right, cost


def main():
    if len(sys.argv) > 1:
        directory = pathlib.Path(sys.argv[1])
    else:
        import ipadic

        directory = pathlib.Path(ipadic.DICDIR)
    for name in "sys.dic", "unk.dic":
        digest, count, previous = hashlib.sha256(), 0, b""
        for surface, left, right, cost in entries((directory / name).read_bytes()):
            assert previous <= surface
            previous = surface
            digest.update(surface + b"\0" + struct.pack("<HHh", left, right, cost))
            count += 1
        print(name, count, digest.hexdigest())
    for name in "matrix.bin", "char.bin":
        print(name, hashlib.sha256((directory / name).read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
