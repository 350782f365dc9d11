"""Measures the ziggurat of NumPy's standard normal distribution, and writes it as Swift:

    python make-ziggurat.py > Sources/Randomness/ZigguratTable.swift

NumPy's generator is given words of our choice. A word with layer i and position 1 comes back as the layer's step; the
least position for which more than one word is asked tells the layer's limit. The densities follow from the steps.
"""
import ctypes

import numpy as np

WORD = ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)
HALF = ctypes.CFUNCTYPE(ctypes.c_uint32, ctypes.c_void_p)
REAL = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_void_p)


class Interface(ctypes.Structure):
    _fields_ = [("state", ctypes.c_void_p), ("word", WORD), ("half", HALF), ("real", REAL), ("raw", WORD)]


class ChosenWords:
    """A bit generator that gives one word again and again, and counts."""

    def __init__(self):
        import threading

        self.lock = threading.Lock()
        self.value, self.asked = 0, 0
        self.functions = [WORD(self.word), HALF(lambda _: 0), REAL(self.real), WORD(self.word)]
        self.interface = Interface(None, *self.functions)
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        self.capsule = make(ctypes.addressof(self.interface), b"BitGenerator", None)

    def word(self, _):
        return self.value

    def real(self, _):
        self.asked += 1
        # The second number of a layer is below every density with 0; the tail ends with one near 1.
        return 0.0 if self.asked == 1 else 1 - 2.0**-53


words = ChosenWords()
generator = np.random.Generator(words)


def draw(layer, position):
    """The number that comes of a word, and whether it took more than the word."""
    words.value, words.asked = layer | position << 9, 0
    return generator.standard_normal(), words.asked > 0


def limit(layer):
    low, high = 0, 1 << 52
    while low < high:
        middle = (low + high) // 2
        if draw(layer, middle)[1]:
            high = middle
        else:
            low = middle + 1
    return low


def rows(values, width):
    lines = [", ".join(values[i:i + width]) + "," for i in range(0, len(values), width)]
    return "\n".join("        " + line for line in lines)


steps = [draw(layer, 1)[0] for layer in range(256)]
limits = [limit(layer) for layer in range(256)]
print(f'''/// The layers of NumPy's ziggurat for the standard normal distribution, as `Scripts/make-ziggurat.py` measured them.
enum ZigguratTable {{
    // swift-format-ignore
    /// Numbers from one position of a layer to the next.
    static let steps: [Double] = [
{rows([repr(float(step)) for step in steps], 4)}
    ]

    // swift-format-ignore
    /// Positions below which a number is taken at once.
    static let limits: [UInt64] = [
{rows([hex(value) for value in limits], 5)}
    ]
}}''')
