"""Writes the listing of x86-64 instructions that the test of code generation must be able to read.

    java ... -XX:CompileCommand=print,... > LOG     see PrintingJvm for the options
    instructions.py LOG...                          writes the listing anew
    instructions.py --check                         compares the committed one with objdump and as

One line an instruction: its bytes, a tab, what objdump calls it. The first part is written by hand for every form of
prefix, operand and immediate and assembled by GNU as; the second is machine code that C2 printed, one instruction of
each shape. Jump targets count from the beginning of the listing. Needs GNU binutils.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LISTING = (
    Path(__file__).resolve().parents[2]
    / "engine/src/test/resources/io/github/bunvec/engine/cpu/kernel/instructions.txt"
)

ADDRESSES = (
    "[rax]", "[rbp]", "[rsp]", "[r12]", "[r13]", "[rsp+8]", "[r12+8]", "[r13+8]", "[rsp+0x1234]", "[r12+0x1234]",
    "[rbp+rcx*4]", "[r13+r14*8+0x40]", "[rax+r12*2]", "[rsp+r12*2]", "[r12+rax*8+0x12345]", "[rip+0x100]",
    "[0x1000]", "[rcx*8+0x10]", "[eax+4]",
)  # fmt: skip

# {} is each address in turn.
MEMORY = """
mov rax, {}
mov dword ptr {}, 0x12345678
cmp byte ptr {}, 5
test byte ptr {}, 1
vmovups xmm9, {}
vmovups {}, ymm3
vfmadd231ps ymm1, ymm2, {}
vbroadcastss ymm14, dword ptr {}
vpextrd dword ptr {}, xmm3, 1
vfmadd231ps zmm17, zmm30, {}
vmovups zmm9, {}
vpslld zmm2, {}, 16
vpternlogd zmm1, zmm2, {}, 0x55
movups xmm1, {}
pinsrw xmm1, word ptr {}, 3
lock cmpxchg qword ptr {}, rcx
"""

SINGLE = """
add al, 5
add eax, 0x12345678
add ax, 0x1234
add rax, -5
cmp eax, 0x12345678
cmp rax, rbx
cmp al, 7
cmp r15d, 9
test eax, 0x1234567
test al, 3
test rbx, rbx
test bx, 0x1234
test r9d, 0x100
not rax
neg ecx
mul r9
idiv dword ptr [rsp+4]
movabs rax, 0x123456789abcdef0
movabs al, [0x123456789abcdef0]
movabs [0x123456789abcdef0], eax
mov eax, 0x12345678
mov ax, 0x1234
mov r11b, 3
mov rax, -1
mov rcx, qword ptr fs:[0x28]
movsxd rcx, edx
movzx eax, byte ptr [rsp+r9]
movsx rax, word ptr [rsp]
imul eax, ebx, 100000
imul eax, ebx, 10
imul ax, bx, 1000
imul rax, r9
push 0x12345
push 5
push rbp
pop r12
push qword ptr [rax]
pop qword ptr [rsp]
enter 16, 1
leave
ret
ret 16
call .+100
call rax
call qword ptr [r10+8]
jmp .+100
jmp .+0x12345
jmp rax
jmp qword ptr [rip+0x10]
jne .-3
jae .+0x1234
jrcxz .+5
loop .-2
shl rax, 3
shl eax, 1
sar ecx, cl
shld eax, ebx, 4
shrd rax, rbx, cl
rol qword ptr [rsp+8], 5
bt eax, 5
bts qword ptr [rsp], 7
bsf eax, ebx
bsr rax, rbx
popcnt rax, rbx
lzcnt eax, ebx
tzcnt rax, [rsp+8]
bswap r9
cmovl eax, [rsp+4]
sete al
setg byte ptr [rsp+1]
xchg rax, rbx
xchg [rsp], ecx
xadd [rax], ecx
cmpxchg16b [rsp]
cdqe
cqo
cdq
nop
nop word ptr [rax+rax*1+0x0]
nop dword ptr [rax]
pause
endbr64
lfence
mfence
sfence
prefetchnta [rax]
prefetcht0 [rsp+0x40]
prefetchw [rsp]
clflush [rax]
rdtsc
rdtscp
cpuid
syscall
ud2
int3
int 3
hlt
lock add dword ptr [rsp-0x40], 0
rep stosq
rep movsb
repne scasw
cld
std
in al, 5
out dx, eax
lea rax, [rip+0x1234]
lea r9d, [rsp+rax*4-1]
fld qword ptr [rsp]
fstp tbyte ptr [rsp+0x10]
fild dword ptr [rax]
fprem
fnstsw ax
emms
movd xmm1, eax
movq rax, xmm9
cvtsi2sd xmm1, rax
cvttss2si eax, dword ptr [rsp]
movdqu [rsp+0x10], xmm8
movss xmm1, [rsp]
shufps xmm1, xmm2, 0x1b
pshufd xmm3, xmm4, 5
pslldq xmm3, 4
psrlq mm1, 3
cmpltps xmm1, xmm2
pshufb xmm1, xmm2
pcmpestri xmm1, xmm2, 12
roundsd xmm1, xmm2, 9
aesenc xmm1, xmm2
crc32 eax, byte ptr [rsp]
movbe eax, [rsp+4]
movnti [rsp], eax
ldmxcsr [rsp]
stmxcsr [rsp+4]
vldmxcsr [rsp]
vstmxcsr [rsp+4]
vzeroupper
vzeroall
vmovd xmm1, eax
vmovq xmm25, r9
vmovq r11, xmm2
vmovsd [rsp+0x340], xmm2
vmovss xmm16, [rsp+0x10]
vcvtsi2sd xmm0, xmm0, dword ptr [rsp]
vcvttsd2si rax, xmm1
vfmadd132ps ymm0, ymm1, [rsp]
vfmadd213ps xmm0, xmm1, xmm2
vfmadd231pd zmm0, zmm1, zmm2
vfmadd231ss xmm0, xmm1, xmm2
vfmadd231sd xmm20, xmm1, [rsp+8]
vfnmadd231ps ymm0, ymm1, ymm2
vfmsub231ps ymm0, ymm1, ymm2
vfmaddsub231ps ymm0, ymm1, ymm2
vfmadd231ps zmm0, zmm1, dword ptr [rsp+4]{1to16}
vfmadd231ps zmm0{k1}{z}, zmm1, zmm2
vfmadd231ps zmm0, zmm1, zmm2, {rn-sae}
vaddps ymm1, ymm2, [rsp+0x20]
vaddps zmm1, zmm2, [rsp+0x40]
vaddps zmm1, zmm2, [rsp+0x44]
vcmpps k1, zmm2, zmm3, 1
vcmpltps ymm1, ymm2, ymm3
vblendvps ymm1, ymm2, ymm3, ymm4
vblendmps zmm1{k2}, zmm2, zmm3
vpermq ymm1, ymm2, 0x4e
vpermps zmm1, zmm2, zmm3
vperm2f128 ymm1, ymm2, ymm3, 1
vextractf128 [rsp], ymm1, 1
vextractf32x4 [rsp+0x10], zmm17, 3
vinsertf32x8 zmm1, zmm2, ymm3, 1
vpsrldq ymm1, ymm2, 4
vpsrld ymm1, ymm2, 16
vpslld ymm1, ymm2, 16
vpshufd ymm1, ymm2, 5
vshufps zmm1, zmm2, zmm3, 0x1b
vpinsrw xmm1, xmm2, eax, 3
vpextrw eax, xmm1, 3
vrcp14ps zmm1, zmm2
vrndscaleps zmm1, zmm2, 8
vscalefps zmm1, zmm2, zmm3
vpdpwssd zmm1, zmm2, zmm3
vdpbf16ps zmm1, zmm2, zmm3
vcvtph2ps ymm1, xmm2
vcvtps2ph [rsp], ymm1, 4
vaddph zmm1, zmm2, zmm3
vfmadd231ph zmm1, zmm2, zmm3
vgatherdps ymm1, [rsp+ymm2*4], ymm3
vgatherdps zmm1{k1}, [rsp+zmm2*4]
vpternlogd zmm1, zmm2, [rsp]{1to16}, 3
vptest ymm1, ymm2
vpbroadcastd zmm1, eax
vpmovm2d zmm1, k1
kmovq k1, rax
kmovw [rsp], k2
kmovd k3, [rsp+4]
kortestw k1, k2
ktestb k1, k2
kshiftrw k1, k2, 3
kandw k1, k2, k3
andn eax, ebx, [rsp]
bextr rax, [rsp+8], rbx
blsr rax, rbx
bzhi rax, [rsp], rbx
mulx rax, rbx, [rsp]
pdep rax, rbx, rcx
rorx rax, [rsp], 5
sarx eax, [rsp+4], ecx
shlx rax, rbx, rcx
adcx rax, rbx
adox eax, [rsp]
sha1rnds4 xmm1, xmm2, 3
gf2p8mulb xmm1, xmm2
"""

# What as writes in a shorter form.
VERBATIM = (
    "480fc8", "4883c4e8", "81c405000000", "3e3e0f1f00", "2e0f84fbffffff", "f20f38f0c0", "40f6c401", "c4e17c280424",
)  # fmt: skip


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def assemble(lines):
    with tempfile.TemporaryDirectory() as directory:
        source, obj, binary = (Path(directory) / name for name in ("a.s", "a.o", "a.bin"))
        source.write_text(".intel_syntax noprefix\n" + "\n".join(lines) + "\n")
        run("as", "--64", "-o", str(obj), str(source))
        run("objcopy", "-O", "binary", "-j", ".text", str(obj), str(binary))
        return binary.read_bytes()


def disassemble(code):
    """Returns (bytes, text) of each instruction."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        file.write(code)
        file.flush()
        text = run(
            "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "intel", "--insn-width=16", file.name
        )  # fmt: skip
    found = []
    for line in text.splitlines():
        match = re.match(r" *[0-9a-f]+:\t((?:[0-9a-f]{2} )+) *\t(.*)$", line)
        if match:
            what = re.sub(r" +", " ", match.group(2).split("#")[0]).strip()
            if "(bad)" in what:
                raise SystemExit(f"objdump does not know {match.group(1)}")
            found.append((bytes.fromhex(match.group(1)), what))
    return found


def written():
    lines = [line.format(address) for line in MEMORY.split("\n") if line for address in ADDRESSES]
    lines += [line for line in SINGLE.split("\n") if line]
    return assemble(lines) + b"".join(bytes.fromhex(code) for code in VERBATIM)


def methods(log):
    """The machine code of every method in a log."""
    for block in log.split("[MachCode]")[1:]:
        code = bytearray()
        for line in block.split("[/MachCode]")[0].splitlines():
            match = re.match(r"\s*0x[0-9a-f]+: ([0-9a-f |]+)$", line)
            if match:
                code += bytes.fromhex(match.group(1).replace("|", ""))
        yield bytes(code)


def shape(code, text):
    """Equal for instructions that differ in registers and constants only; rsp and its like are kept."""
    text = re.sub(r"0x[0-9a-f]+", "N", text)
    text = re.sub(r"\b([xyz]mm|k)[0-9]+", r"\1", text)
    text = re.sub(r"\b(r(?:[abcd]x|[sd]i)|r(?:8|9|10|11|14|15))\b", "r64", text)
    text = re.sub(r"\b(e(?:[abcd]x|[sd]i|bp)|r(?:8|9|1[0-5])d)\b", "r32", text)
    return len(code), text


def main(arguments):
    if arguments == ["--check"]:
        lines = LISTING.read_text().splitlines()
        code = b"".join(bytes.fromhex(line.split("\t")[0]) for line in lines)
        problems = 0 if code.startswith(written()) else 1
        fresh = [f"{code.hex()}\t{text}" for code, text in disassemble(code)]
        problems += sum(a != b for a, b in zip(lines, fresh)) + abs(len(lines) - len(fresh))
        print(f"{problems} problems")
        return 1 if problems else 0
    if not arguments or arguments[0].startswith("-"):
        raise SystemExit(__doc__)
    code = written()
    seen = set()
    for log in arguments:
        for method in methods(Path(log).read_text()):
            for instruction, text in disassemble(method):
                key = shape(instruction, text)
                if key not in seen:
                    seen.add(key)
                    code += instruction
    LISTING.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{code.hex()}\t{text}\n" for code, text in disassemble(code)]
    LISTING.write_text("".join(lines))
    print(f"{LISTING.name}: {len(lines)} instructions, {len(code)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
