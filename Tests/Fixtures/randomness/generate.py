"""Makes golden.json and normals.json: what NumPy and the C++ standard library draw for given seeds.

Run `python3 Tests/Fixtures/randomness/generate.py` (NumPy and a C++ compiler are needed) and review the difference.
64-bit numbers are written as text, because many JSON readers would round them.
"""

import json
import pathlib
import platform
import subprocess
import tempfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
SEEDS = [0, 1, 7, 5489, 2**32 - 1, 2**32, 2**64 - 1]

CPLUSPLUS = r"""
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <random>
int main(int, char **argv) {
    unsigned long long seed = 0;
    std::sscanf(argv[1], "%llu", &seed);
    std::mt19937 small(static_cast<std::uint32_t>(seed));
    std::mt19937_64 large(seed);
    for (int i = 1; i <= 10000; ++i) {
        std::uint64_t a = small(), b = large();
        if (i <= 5 || (i > 620 && i <= 630) || (i > 310 && i <= 315) || i == 10000)
            std::printf("%d %" PRIu64 " %" PRIu64 "\n", i, a, b);
    }
}
"""


def seed_sequences():
    rows = []
    for entropy, spawn_key in [(0, ()), (7, ()), (2**32 + 5, ()), (2**64 - 1, ()), (7, (0,)), (7, (3, 1)),
                               (2**200 + 12345, ()), (2**200 + 12345, (2,))]:
        sequence = np.random.SeedSequence(entropy, spawn_key=spawn_key)
        words = []
        rest = entropy
        while rest or not words:
            words.append(rest & 0xFFFFFFFF)
            rest >>= 32
        rows.append({
            "entropy": words,
            "spawnKey": list(spawn_key),
            "words": [int(word) for word in sequence.generate_state(7, np.uint32)],
            "longWords": [str(word) for word in sequence.generate_state(5, np.uint64)],
        })
    return rows


def permuted_congruential():
    rows = []
    for seed in SEEDS:
        state = np.random.PCG64(seed).state["state"]
        jumped = np.random.PCG64(seed)
        jumped.advance(10**30)
        halves = np.random.Generator(np.random.PCG64(seed)).integers(0, 2**32, size=8, dtype=np.uint32)
        rows.append({
            "seed": str(seed),
            "state": format(state["state"], "x"),
            "increment": format(state["inc"], "x"),
            "words": [str(word) for word in np.random.PCG64(seed).random_raw(20)],
            "halves": [int(word) for word in halves],
            "doubles": [float(x) for x in np.random.default_rng(seed).random(20)],
            "integersBelow": str(3 * 2**61),
            "integers": [str(x) for x in np.random.default_rng(seed).integers(0, 3 * 2**61, size=20)],
            "advanced": [str(word) for word in jumped.random_raw(3)],
        })
    return rows


def twisters(program):
    rows = []
    for seed in SEEDS:
        lines = subprocess.run([program, str(seed)], check=True, capture_output=True, text=True).stdout.split("\n")
        table = [line.split() for line in lines if line]
        rows.append({
            "seed": str(seed),
            "calls": [int(row[0]) for row in table],
            "small": [row[1] for row in table],
            "large": [row[2] for row in table],
        })
    return rows


def legacy_long_words():
    """Two 32-bit words as one: NumPy's raw 64-bit draw of MT19937 with the classical seeding."""
    bits = np.random.MT19937()
    bits._legacy_seeding(5489)
    high_low = bits.random_raw(8)
    return [str((int(high_low[2 * i]) << 32) | int(high_low[2 * i + 1])) for i in range(4)]


def normals():
    """The first normal numbers of a seed, and the exclusive or of the bits of many."""
    rows = []
    for seed in SEEDS:
        numbers = np.random.default_rng(seed).standard_normal(200_000)
        rows.append({
            "seed": str(seed),
            "first": [float(x) for x in numbers[:20]],
            "count": len(numbers),
            "bits": str(np.bitwise_xor.reduce(numbers.view(np.uint64))),
        })
    return rows


def main():
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "twisters.cpp"
        source.write_text(CPLUSPLUS)
        program = str(source.with_suffix(""))
        subprocess.run(["c++", "-O1", "-o", program, str(source)], check=True)
        compiler = subprocess.run(["c++", "--version"], check=True, capture_output=True, text=True).stdout.split("\n")[0]
        golden = {
            "seedSequences": seed_sequences(),
            "permutedCongruential": permuted_congruential(),
            "twisters": twisters(program),
            "twisterLongWords": legacy_long_words(),
        }
    versions = {"python": platform.python_version(), "numpy": np.__version__, "c++": compiler}
    for name, content in [("golden.json", golden), ("normals.json", normals()), ("VERSIONS.json", versions)]:
        temporary = FOLDER / (name + ".partial")
        temporary.write_text(json.dumps(content, indent=1) + "\n")
        temporary.replace(FOLDER / name)


if __name__ == "__main__":
    main()
