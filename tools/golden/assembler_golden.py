"""Has the GNU assembler encode the instructions that bunvec's own assembler knows; the bytes must be equal.

    python tools/golden/assembler_golden.py

Needs `as` and `objdump` of binutils 2.38 or later (for the tile instructions).
"""

import subprocess
import tempfile
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[2] / "engine/src/test/resources/io/github/bunvec/engine/assembler"

GENERAL = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15".split()
LOWER = {name: name + "d" if name[1:].isdigit() else "e" + name[1:] for name in GENERAL}  # 32 bits of them
VECTORS = [f"zmm{i}" for i in (0, 1, 7, 8, 15, 16, 23, 24, 31)]
NARROW = [f"ymm{i}" for i in (0, 1, 2, 5, 7, 8, 9, 13, 15)]

# Around the borders of one byte, also where it counts in units of 4 and 64.
DISPLACEMENTS = [0, 1, -1, 4, 64, 127, 128, -128, -129, 508, 512, -512, -516, 8128, 8192, -8192, -8256, 100000]


def memory(position):
    """Addresses that reach every base, index and scale as positions go on."""
    base = GENERAL[position % 16]
    displacement = DISPLACEMENTS[(position * 7) % len(DISPLACEMENTS)]
    index = GENERAL[(position * 5 + 1) % 16]
    if position % 3 == 0 or index == "rsp":
        return f"[{base}{displacement:+d}]"
    return f"[{base}+{index}*{2 ** (position % 4)}{displacement:+d}]"


def instructions():
    for i, to in enumerate(GENERAL):
        other = GENERAL[(i * 7 + 3) % 16]
        yield from (f"mov {to}, {other}", f"mov {to}, {i * 77777 - 5}", f"add {to}, {other}", f"or {to}, {other}")
        yield from (f"{name} {to}, {value}" for name in ("add", "sub", "cmp") for value in (1, -128, 127, 128, 70000))
        yield from (f"shl {to}, 32", f"push {to}", f"pop {to}")
        for j in range(3):
            place = memory(i * 3 + j)
            yield from (f"mov {to}, {place}", f"mov {place}, {to}", f"lea {to}, {place}", f"add {to}, {place}")
            yield from (f"mov32 {to}, {place}", f"mov32 {place}, {to}", f"prefetcht0 {place}", f"prefetcht1 {place}")
        yield f"kmovd k1, {to}"
    for base in ("rsp", "rbp", "r12", "r13", "rax", "r9"):
        for displacement in DISPLACEMENTS:
            place = f"[{base}{displacement:+d}]"
            yield from (f"vmovups zmm17, {place}", f"vbroadcastss zmm3, {place}", f"mov rdx, {place}")
            yield from (f"vmovups ymm11, {place}", f"vbroadcastss ymm3, {place}")
    for i, to in enumerate(VECTORS):
        for j in range(3):
            a, b = VECTORS[(i * 2 + j) % 9], VECTORS[(i + j * 4 + 1) % 9]
            place = memory(i * 5 + j)
            for name in ("vdpbf16ps", "vfmadd231ps", "vpxord", "vcvtne2ps2bf16"):
                yield f"{name} {to}, {a}, {b}"
            yield f"vmovaps {to}, {a}"
            yield f"vdpbf16ps {to}, {a}, {place}"
            yield from (f"vmovups {to}, {place}", f"vmovups {place}, {to}", f"vbroadcastss {to}, {place}")
            yield f"vmovups {to} {{k1}} {{z}}, {place}"
            yield from (f"vpandd {to}, {a}, {b}", f"vpslld {to}, {a}, {16 + j}")
    for i, to in enumerate(NARROW):
        for j in range(3):
            a, b = NARROW[(i * 2 + j) % 9], NARROW[(i + j * 4 + 1) % 9]
            place = memory(i * 5 + j)
            yield from (f"vfmadd231ps {to}, {a}, {b}", f"vpand {to}, {a}, {b}", f"vpslld {to}, {a}, {16 + j}")
            yield from (f"vmovups {to}, {place}", f"vmovups {place}, {to}", f"vbroadcastss {to}, {place}")
    for i in range(8):
        stride = GENERAL[(i * 3 + 6) % 16]
        place = f"[{GENERAL[i * 2]}+{stride}*{2 ** (i % 4)}{DISPLACEMENTS[i * 2]:+d}]"
        yield from (f"tileloadd tmm{i}, {place}", f"tilestored {place}, tmm{i}")
        yield f"tdpbf16ps tmm{i}, tmm{(i + 3) % 8}, tmm{(i * 5 + 1) % 8}"
        yield f"ldtilecfg {memory(i * 5)}"
    yield from ("tilerelease", "vzeroupper", "ret", "cpuid", "xgetbv")


def source(instruction):
    """As the GNU assembler writes it."""
    if instruction.startswith("mov32 "):
        return "mov " + ", ".join(LOWER.get(operand, operand) for operand in instruction[6:].split(", "))
    if instruction.startswith("kmovd k1, "):
        return source(f"mov32 k1, {instruction[10:]}").replace("mov k1", "kmovd k1")
    return instruction


def assembled(lines):
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "code.s"
        code.write_text(".intel_syntax noprefix\n" + "\n".join(lines) + "\n")
        subprocess.run(["as", "-o", f"{folder}/code.o", str(code)], check=True)
        command = ["objdump", "-d", "--insn-width=16", "-M", "intel", f"{folder}/code.o"]
        listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in listing.splitlines() if line.startswith(" ")]
    return [row[1].replace(" ", "") for row in rows]


# Forwards and backwards, all with distances of 32 bits.
JUMPS = ["jmp.d32 2f", "1: jz.d32 1b", "jnz.d32 2f", "2: jl.d32 1b", "jge.d32 1b"]


def main():
    listed = list(dict.fromkeys(instructions()))
    encoded = assembled([source(instruction) for instruction in listed])
    assert len(encoded) == len(listed)
    rows = [f"{code}\t{instruction}" for code, instruction in zip(encoded, listed)]
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "instructions.txt").write_text("\n".join(rows) + "\n")
    (GOLDEN / "jumps.txt").write_text("\n".join(assembled(JUMPS)) + "\n")
    print(f"{len(listed)} instructions")


if __name__ == "__main__":
    main()
