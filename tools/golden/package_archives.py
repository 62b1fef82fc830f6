"""Makes small archives of a Python package with a dictionary, as pip gets them, with Python's own tarfile and zipfile.

    python tools/golden/package_archives.py

Writes to cli/src/test/resources/io/github/bunvec/cli/: tiny-dic-ustar.tar.gz, tiny-dic-pax.tar.gz and tiny-dic-gnu.tar.gz
(with a name of more than 100 bytes, which each format writes in its way, links and folders) and tiny_dic-1.0-py3-none-any.whl.
The "dictionary" is a few bytes a file: the tests are about getting them out.
"""

import gzip
import io
import pathlib
import tarfile
import zipfile

TARGET = pathlib.Path(__file__).parents[2] / "cli/src/test/resources/io/github/bunvec/cli"
DICTIONARY = {
    "sys.dic": b"words" * 300,
    "unk.dic": b"unknown",
    "matrix.bin": bytes(range(256)) * 2,
    "char.bin": b"",
    "dicrc": b"cost-factor = 700\n",
    "mecabrc": b"# empty\n",
    "BSD": b"terms\n",
    "left-id.def": b"not needed\n",
}
LONG = "tiny-dic-1.0/" + "a-long-folder-name/" * 6 + "sys.dic"


def tar(name, form):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=form) as out:
        def add(path, content=b"", kind=tarfile.REGTYPE):
            entry = tarfile.TarInfo(path)
            entry.type, entry.size, entry.mtime = kind, len(content), 1.5 if form == tarfile.PAX_FORMAT else 1
            entry.linkname = "/etc/passwd" if kind == tarfile.SYMTYPE else ""
            out.addfile(entry, io.BytesIO(content))

        add("tiny-dic-1.0/", kind=tarfile.DIRTYPE)
        add("tiny-dic-1.0/setup.py", b"raise SystemExit\n")
        add("tiny-dic-1.0/LICENSE", b"package terms\n")
        add(LONG, b"another file of that name")
        add("tiny-dic-1.0/tiny_dic/dicdir/dicrc", kind=tarfile.SYMTYPE)
        for file, content in DICTIONARY.items():
            add(f"tiny-dic-1.0/tiny_dic/dicdir/{file}", content)
    (TARGET / f"tiny-dic-{name}.tar.gz").write_bytes(gzip.compress(archive.getvalue(), mtime=0))


def main():
    tar("ustar", tarfile.USTAR_FORMAT)
    tar("pax", tarfile.PAX_FORMAT)
    tar("gnu", tarfile.GNU_FORMAT)
    with zipfile.ZipFile(TARGET / "tiny_dic-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as out:
        for file, content in DICTIONARY.items():
            out.writestr(zipfile.ZipInfo(f"tiny_dic/dicdir/{file}"), content)
        out.writestr(zipfile.ZipInfo("tiny_dic-1.0.dist-info/licenses/LICENSE"), b"package terms\n")


if __name__ == "__main__":
    main()
