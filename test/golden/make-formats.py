"""Writes formats.json: small image files of many kinds, the values that were put into them, and which programs read these back.

pip install pillow==11.3.0 opencv-python-headless==5.0.0.93 tifffile==2026.3.3 imagecodecs==2026.3.6 pydicom==3.0.2 numpy
python make-formats.py
"""
import base64
import io
import json
import pathlib
import struct
import sys
import zlib

import cv2
import numpy as np
import PIL.Image
import tifffile

H, W = 9, 13
rng = np.random.default_rng(7)
GREY8 = rng.integers(0, 256, (H, W), dtype=np.uint8)
RGB8 = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)


def grey(bits):
    return rng.integers(0, 2**bits, (H, W), dtype=np.uint16)


# ---- files written by hand -------------------------------------------------------------------------------------------------


def rows_padded(rows, to):
    return b"".join(row + b"\0" * (-len(row) % to) for row in rows)


def packed(values, bits):
    """Rows of numbers, most significant bit first, each row from a new byte on."""
    out = []
    for row in values:
        text = "".join(format(int(v), f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 8)
        out.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return out


def bmp(bits, body, palette=b"", compression=0, top_down=False, masks=b""):
    start = 14 + 40 + len(masks) + len(palette)
    head = struct.pack("<IiiHHIIiiII", 40, W, -H if top_down else H, 1, bits, compression, len(body), 2835, 2835, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + masks + palette + body


def bmp_rows(rows, top_down=False):
    return rows_padded(rows if top_down else rows[::-1], 4)


def bgr(colours):
    return b"".join(bytes([c[2], c[1], c[0], 0]) for c in colours)


def rle8(index, end_of_line=True):
    out = b""
    for i, row in enumerate(index.astype(np.uint8)[::-1]):
        x = 0
        while x < W:
            run = 1
            while x + run < W and row[x + run] == row[x] and run < 255:
                run += 1
            if run == 1 and W - x >= 3:
                n = min(W - x, 5)
                out += bytes([0, n]) + bytes(row[x : x + n]) + b"\0" * (n % 2)
                x += n
            else:
                out += bytes([run, row[x]])
                x += run
        if end_of_line or i < H - 1:
            out += b"\0\0"
    return out + b"\0\1"


def rle4(index):
    out = b""
    for row in index[::-1]:
        for x in range(0, W, 2):
            second = row[x + 1] if x + 1 < W else 0
            out += bytes([min(2, W - x), (int(row[x]) << 4) | int(second)])
        out += b"\0\0"
    return out[:-2] + b"\0\1"


def tiff(data, bits, photometric=1, samples=1, extra=(), big=False, compression=1):
    e = ">" if big else "<"
    entries = [(256, 4, W), (257, 4, H), (258, 3, bits), (259, 3, compression), (262, 3, photometric), (273, 4, 8), (277, 3, samples), (278, 4, H), (279, 4, len(data)), *extra]
    entries.sort()
    data += b"\0" * (len(data) % 2)
    out = (b"MM\0*" if big else b"II*\0") + struct.pack(e + "I", 8 + len(data)) + data + struct.pack(e + "H", len(entries))
    for tag, kind, value in entries:
        out += struct.pack(e + "HHI", tag, kind, 1) + (struct.pack(e + "HH", value, 0) if kind == 3 else struct.pack(e + "I", value))
    return out + b"\0\0\0\0"


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(colour, bits, rows, before=b""):
    head = struct.pack(">IIBBBBB", W, H, bits, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + before + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def ascii_pnm(kind, values, largest):
    text = f"{kind}\n# a comment\n{W} {H}\n" + ("" if largest is None else f"{largest}\n")
    return (text + "\n".join(" ".join(str(int(v)) for v in np.ravel(row)) for row in values) + "\n").encode()


def with_pil(image, **options):
    out = io.BytesIO()
    image.save(out, **options)
    return out.getvalue()


def with_tifffile(values, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, values, **options)
    return out.getvalue()


# ---- referees --------------------------------------------------------------------------------------------------------------


def by_pillow(data):
    image = PIL.Image.open(io.BytesIO(data))
    if image.mode in ("P", "1"):
        image = image.convert("RGB")
    return np.asarray(image)


def by_opencv(data):
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise ValueError("not read")
    return image if image.ndim == 2 else image[:, :, [2, 1, 0, *range(3, image.shape[2])]]


def by_tifffile(data):
    values = tifffile.imread(io.BytesIO(data))
    return np.moveaxis(values, 0, 2) if values.ndim == 3 and values.shape[0] == 3 and values.shape[2] != 3 else values


REFEREES = {"Pillow": by_pillow, "OpenCV": by_opencv, "tifffile": by_tifffile}
cases = []


def same(a, b):
    """Equal, or grey in one and three equal bands in the other, transparency aside."""
    a, b = (np.atleast_3d(np.asarray(v)).astype(np.float64) for v in (a, b))
    a, b = (v[:, :, : {1: 1, 2: 1, 4: 3}.get(v.shape[2], v.shape[2])] if v.ndim == 3 else v for v in (a, b))
    if a.shape[:2] != b.shape[:2]:
        return False
    return bool(np.array_equal(*np.broadcast_arrays(a, b)))


def case(name, data, values, referees=REFEREES):
    agree, differ = [], []
    for referee, read in referees.items():
        try:
            (agree if same(read(data), values) else differ).append(referee)
        except Exception:  # the program does not read it
            pass
    values = np.ascontiguousarray(values)
    kind = {np.dtype(np.uint8): "uint8", np.dtype(np.uint16): "uint16", np.dtype(np.float32): "float32"}[values.dtype]
    entry = {"name": name, "agree": agree, "differ": differ, "sample": kind, "shape": list(values.shape)}
    entry["values"] = base64.b64encode(values.tobytes()).decode()
    entry["file"] = base64.b64encode(data).decode()
    cases.append(entry)
    print(f"{name}: agree {', '.join(agree) or '-'}; differ {', '.join(differ) or '-'}")


# ---- BMP -------------------------------------------------------------------------------------------------------------------

ramp = [(i, i, i) for i in range(256)]
colours = [tuple(int(v) for v in rng.integers(0, 256, 3)) for _ in range(256)]
table = np.array(colours, dtype=np.uint8)
index8 = rng.integers(0, 256, (H, W))
index4 = rng.integers(0, 16, (H, W))
index1 = rng.integers(0, 2, (H, W))
raw8 = [bytes(row.astype(np.uint8)) for row in index8]
case("BMP 8 bit grey", bmp(8, bmp_rows([bytes(r) for r in GREY8]), bgr(ramp)), GREY8)
case("BMP 8 bit grey top-down", bmp(8, bmp_rows([bytes(r) for r in GREY8], True), bgr(ramp), top_down=True), GREY8)
case("BMP 8 bit inverted palette", bmp(8, bmp_rows([bytes(255 - r) for r in GREY8]), bgr(ramp[::-1])), GREY8)
case("BMP 8 bit palette", bmp(8, bmp_rows(raw8), bgr(colours)), table[index8])
case("BMP 4 bit palette", bmp(4, bmp_rows(packed(index4, 4)), bgr(colours[:16])), table[index4])
case("BMP 1 bit palette", bmp(1, bmp_rows(packed(index1, 1)), bgr(colours[:2])), table[index1])
case("BMP 24 bit", bmp(24, bmp_rows([bytes(r[:, ::-1].ravel()) for r in RGB8])), RGB8)
padded32 = np.dstack([RGB8[:, :, ::-1], np.zeros((H, W, 1), np.uint8)])
case("BMP 32 bit, fourth byte 0", bmp(32, bmp_rows([bytes(r.ravel()) for r in padded32])), RGB8)
r5, g5, g6, b5 = (rng.integers(0, 2**n, (H, W)) for n in (5, 5, 6, 5))
up5, up6 = (lambda v: (v << 3).astype(np.uint8)), (lambda v: (v << 2).astype(np.uint8))
v555 = (r5 << 10 | g5 << 5 | b5).astype("<u2")
case("BMP 16 bit 555", bmp(16, bmp_rows([r.tobytes() for r in v555])), np.dstack([up5(r5), up5(g5), up5(b5)]))
v565 = (r5 << 11 | g6 << 5 | b5).astype("<u2")
masks = struct.pack("<III", 0xF800, 0x07E0, 0x001F)
case("BMP 16 bit 565", bmp(16, bmp_rows([r.tobytes() for r in v565]), compression=3, masks=masks), np.dstack([up5(r5), up6(g6), up5(b5)]))
runs8 = np.where(rng.random((H, W)) < 0.6, 7, index8)
case("BMP RLE8", bmp(8, rle8(runs8, False), bgr(colours), compression=1), table[runs8])
case("BMP RLE8, end of line before the end", bmp(8, rle8(runs8), bgr(colours), compression=1), table[runs8])
case("BMP RLE4", bmp(4, rle4(index4), bgr(colours[:16]), compression=2), table[index4])

# ---- PNM -------------------------------------------------------------------------------------------------------------------

grey12 = grey(12)
rgb16 = rng.integers(0, 65536, (H, W, 3), dtype=np.uint16)
size = f"{W} {H}\n".encode()
case("PBM text", ascii_pnm("P1", index1, None), (255 * (1 - index1)).astype(np.uint8))
case("PGM text", ascii_pnm("P2", GREY8, 255), GREY8)
case("PPM text", ascii_pnm("P3", RGB8, 255), RGB8)
case("PBM bytes", b"P4\n" + size + b"".join(packed(index1, 1)), (255 * (1 - index1)).astype(np.uint8))
case("PGM bytes", b"P5\n#c\n" + size + b"255\n" + GREY8.tobytes(), GREY8)
case("PPM bytes", b"P6\n" + size + b"255\n" + RGB8.tobytes(), RGB8)
case("PGM bytes, 12 of 16 bits", b"P5\n" + size + b"4095\n" + grey12.astype(">u2").tobytes(), grey12)
case("PGM text, 12 bits", ascii_pnm("P2", grey12, 4095), grey12)
case("PPM bytes, 16 bits", b"P6\n" + size + b"65535\n" + rgb16.astype(">u2").tobytes(), rgb16)

# ---- PNG -------------------------------------------------------------------------------------------------------------------

grey16 = grey(16)
alpha16 = rng.integers(0, 65536, (H, W), dtype=np.uint16)
case("PNG 1 bit", png(0, 1, packed(index1, 1)), (255 * index1).astype(np.uint8))
case("PNG 2 bit", png(0, 2, packed(index4 & 3, 2)), (85 * (index4 & 3)).astype(np.uint8))
case("PNG 4 bit", png(0, 4, packed(index4, 4)), (17 * index4).astype(np.uint8))
case("PNG 16 bit grey", png(0, 16, [r.astype(">u2").tobytes() for r in grey16]), grey16)
case("PNG 12 bit data in 16 bits", png(0, 16, [r.astype(">u2").tobytes() for r in grey12]), grey12)
case("PNG 16 bit RGB", png(2, 16, [r.astype(">u2").tobytes() for r in rgb16]), rgb16)
case("PNG 16 bit grey with alpha", png(4, 16, [np.dstack([g, a]).astype(">u2").tobytes() for g, a in zip(grey16, alpha16)]), grey16)
case("PNG 16 bit RGB with alpha", png(6, 16, [np.dstack([c[None], a[None]]).astype(">u2").tobytes() for c, a in zip(rgb16, alpha16)]), rgb16)
case("PNG 8 bit grey with alpha 0", png(4, 8, [np.dstack([g, 0 * g]).tobytes() for g in GREY8]), GREY8)
case("PNG 8 bit grey, one value transparent", png(0, 8, [bytes(r) for r in GREY8], png_chunk(b"tRNS", struct.pack(">H", int(GREY8[4, 6])))), GREY8)
case("PNG 16 bit grey, one value transparent", png(0, 16, [r.astype(">u2").tobytes() for r in grey16], png_chunk(b"tRNS", struct.pack(">H", int(grey16[4, 6])))), grey16)
one = bytes(v for c in RGB8[4, 6] for v in (0, int(c)))
case("PNG 8 bit RGB, one value transparent", png(2, 8, [r.tobytes() for r in RGB8], png_chunk(b"tRNS", one)), RGB8)
palette = png_chunk(b"PLTE", bytes(v for c in colours for v in c)) + png_chunk(b"tRNS", bytes(range(0, 256)))
case("PNG palette, transparent entries", png(3, 8, raw8, palette), table[index8])

# ---- TIFF ------------------------------------------------------------------------------------------------------------------

for bits in (1, 2, 4):
    values = index4 & (2**bits - 1)
    case(f"TIFF {bits} bit", tiff(b"".join(packed(values, bits)), bits), (values * (255 // (2**bits - 1))).astype(np.uint8))
for bits in (10, 12, 14):
    values = grey(bits)
    case(f"TIFF {bits} bit packed", tiff(b"".join(packed(values, bits)), bits), values)
    case(f"TIFF {bits} bit packed, big-endian", tiff(b"".join(packed(values, bits)), bits, big=True), values)
case("TIFF 16 bit", tiff(grey16.tobytes(), 16), grey16)
case("TIFF 16 bit big-endian", tiff(grey16.astype(">u2").tobytes(), 16, big=True), grey16)
case("TIFF 8 bit white is zero", tiff((255 - GREY8).tobytes(), 8, photometric=0), GREY8)
case("TIFF 16 bit white is zero", tiff((65535 - grey16).tobytes(), 16, photometric=0), grey16)
case("TIFF 12 bit white is zero", tiff(b"".join(packed(4095 - grey12, 12)), 12, photometric=0), grey12)
case("TIFF 12 bit data in 16 bits", tiff(grey12.tobytes(), 16), grey12)
case("TIFF 16 bit RGB", with_tifffile(rgb16, photometric="rgb"), rgb16)
case("TIFF 16 bit RGB planar", with_tifffile(np.moveaxis(rgb16, 2, 0), photometric="rgb", planarconfig="separate"), rgb16)
case("TIFF 16 bit RGB tiled", with_tifffile(rgb16, photometric="rgb", tile=(16, 16)), rgb16)
case("TIFF 16 bit LZW predictor", with_tifffile(grey16, compression="lzw", predictor=True), grey16)
case("TIFF 16 bit deflate predictor", with_tifffile(grey16, compression="zlib", predictor=True), grey16)
case("TIFF 16 bit ZSTD", with_tifffile(grey16, compression="zstd"), grey16)
case("TIFF 16 bit PackBits", with_tifffile(grey16, compression="packbits"), grey16)
case("BigTIFF 16 bit", with_tifffile(grey16, bigtiff=True), grey16)
real = (rng.random((H, W)) * 4095 - 100).astype(np.float32)
case("TIFF float 32", with_tifffile(real), real)
case("TIFF float 32 deflate predictor", with_tifffile(real, compression="zlib", predictor=True), real)
case("TIFF float 64", with_tifffile(real.astype(np.float64)), real)
half = real.astype(np.float16)
case("TIFF float 16", with_tifffile(half), half.astype(np.float32))
signed = rng.integers(-30000, 30000, (H, W)).astype(np.int16)
case("TIFF signed 16 bit", with_tifffile(signed), signed.astype(np.float32))
wide = rng.integers(0, 2**24, (H, W)).astype(np.uint32)
case("TIFF 32 bit", with_tifffile(wide), wide.astype(np.float32))
case("TIFF 16 bit RGB with alpha", with_tifffile(np.dstack([rgb16, alpha16]), photometric="rgb", extrasamples=["unassalpha"]), rgb16)
case("TIFF 8 bit palette", with_tifffile(index8.astype(np.uint8), photometric="palette", colormap=(table.T.astype(np.uint16) * 257)), table[index8], {"Pillow": by_pillow, "OpenCV": by_opencv})

# ---- NumPy, JPEG 2000, DICOM -------------------------------------------------------------------------------------------------

import imagecodecs  # noqa: E402
import pydicom  # noqa: E402
from pydicom.dataset import FileDataset, FileMetaDataset  # noqa: E402
from pydicom.encaps import encapsulate  # noqa: E402
from pydicom.uid import UID  # noqa: E402


def npy(values, **options):
    out = io.BytesIO()
    np.save(out, values, **options)
    return out.getvalue()


def by_numpy(data):
    return np.load(io.BytesIO(data))


for name, values in [("8 bit", GREY8), ("8 bit RGB", RGB8), ("16 bit", grey16), ("float 32", real), ("signed 16 bit", signed), ("float 64", real.astype(np.float64))]:
    case(f"NumPy {name}", npy(values), values if values.dtype in (np.uint8, np.uint16) else values.astype(np.float32), {"NumPy": by_numpy})
case("NumPy 16 bit big-endian", npy(grey16.astype(">u2")), grey16, {"NumPy": by_numpy})

J2K = {"OpenCV": by_opencv, "Pillow": by_pillow, "imagecodecs": imagecodecs.jpeg2k_decode}
for name, values, bits in [("8 bit", GREY8, 8), ("8 bit RGB", RGB8, 8), ("12 bit", grey12, 12), ("16 bit", grey16, 16), ("16 bit RGB", rgb16, 16)]:
    for kind in ("j2k", "jp2"):
        case(f"JPEG 2000 {name} {kind}", imagecodecs.jpeg2k_encode(values, codecformat=kind, bitspersample=bits, reversible=True, level=0), values, J2K)


def dicom(values, stored, photometric="MONOCHROME2", syntax="1.2.840.10008.1.2.1", pixels=None, signed=False, **more):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    meta.MediaStorageSOPInstanceUID = UID("1.2.3.4")
    d = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    d.Rows, d.Columns = H, W
    d.SamplesPerPixel = 3 if values.ndim == 3 else 1
    d.PhotometricInterpretation = photometric
    if values.ndim == 3:
        d.PlanarConfiguration = more.pop("planar", 0)
    d.BitsAllocated = 8 * values.dtype.itemsize
    d.BitsStored, d.HighBit, d.PixelRepresentation = stored, stored - 1, int(signed)
    for key, value in more.items():
        setattr(d, key, value)
    raw = values.tobytes() if pixels is None else pixels
    compressed = meta.TransferSyntaxUID.is_encapsulated
    d.PixelData = encapsulate([raw]) if compressed else raw + b"\0" * (len(raw) % 2)
    d["PixelData"].VR = "OB" if compressed or d.BitsAllocated == 8 else "OW"
    if compressed:
        d["PixelData"].is_undefined_length = True
    out = io.BytesIO()
    d.save_as(out, enforce_file_format=True)
    return out.getvalue()


def by_pydicom(data):
    d = pydicom.dcmread(io.BytesIO(data))
    return pydicom.pixels.apply_rescale(d.pixel_array, d) if "RescaleSlope" in d else d.pixel_array


PYDICOM = {"pydicom": by_pydicom}
case("DICOM 12 bit", dicom(grey12, 12), grey12, PYDICOM)
case("DICOM 12 bit, implicit", dicom(grey12, 12, syntax="1.2.840.10008.1.2"), grey12, PYDICOM)
case("DICOM 16 bit", dicom(grey16, 16), grey16, PYDICOM)
case("DICOM 8 bit", dicom(GREY8, 8), GREY8, PYDICOM)
case("DICOM 12 bit, MONOCHROME1", dicom(4095 - grey12, 12, "MONOCHROME1"), grey12, PYDICOM)
case("DICOM signed 16 bit", dicom(signed, 16, signed=True), signed.astype(np.float32), PYDICOM)
small = (signed % 4096 - 2048).astype(np.int16)
case("DICOM signed 12 bit", dicom(small & 0xFFF, 12, signed=True), small.astype(np.float32), PYDICOM)
case("DICOM 12 bit, rescaled", dicom(grey12, 12, RescaleSlope="2", RescaleIntercept="-1024"), (2.0 * grey12 - 1024).astype(np.float32), PYDICOM)
case("DICOM RGB", dicom(RGB8, 8, "RGB"), RGB8, PYDICOM)
case("DICOM RGB planar", dicom(RGB8, 8, "RGB", planar=1, pixels=np.ascontiguousarray(np.moveaxis(RGB8, 2, 0)).tobytes()), RGB8, PYDICOM)
j2k12 = imagecodecs.jpeg2k_encode(grey12, codecformat="j2k", bitspersample=12, reversible=True, level=0)
case("DICOM 12 bit, JPEG 2000", dicom(grey12, 12, syntax="1.2.840.10008.1.2.4.90", pixels=j2k12), grey12, PYDICOM)


def rle(values):
    d = pydicom.dcmread(io.BytesIO(dicom(values, 8 * values.dtype.itemsize if values.ndim == 2 else 8, "RGB" if values.ndim == 3 else "MONOCHROME2")))
    d.compress(UID("1.2.840.10008.1.2.5"), encoding_plugin="pydicom")
    out = io.BytesIO()
    d.save_as(out, enforce_file_format=True)
    return out.getvalue()


case("DICOM 16 bit, run lengths", rle(grey16), grey16, PYDICOM)
case("DICOM RGB, run lengths", rle(RGB8), RGB8, PYDICOM)
flat = PIL.Image.fromarray(np.full((H, W), 77, np.uint8))
case("DICOM baseline JPEG", dicom(np.full((H, W), 77, np.uint8), 8, syntax="1.2.840.10008.1.2.4.50", pixels=with_pil(flat, format="JPEG", quality=95)), np.full((H, W), 77, np.uint8), PYDICOM)

# ---- TIFF: differences in place of values, with the high bytes first; transparency in a plane of its own ------------------------

BIG = {"byteorder": ">", "predictor": True}
for name, values in [("16 bit", grey16), ("signed 16 bit", signed), ("32 bit", wide), ("float 16", half), ("float 32", real), ("float 64", real.astype(np.float64))]:
    stored = values if values.dtype == np.uint16 else values.astype(np.float32)
    for compression in ("lzw", "zlib", "zstd"):
        case(f"TIFF {name} big-endian {compression} predictor", with_tifffile(values, compression=compression, **BIG), stored)
wider = np.tile(rgb16, (4, 3, 1))
case("TIFF 16 bit RGB big-endian planar tiles predictor", with_tifffile(np.moveaxis(wider, 2, 0), photometric="rgb", planarconfig="separate", tile=(16, 16), compression="lzw", **BIG), wider)
case("TIFF 16 bit RGB with alpha, big-endian planar predictor", with_tifffile(np.moveaxis(np.dstack([rgb16, alpha16]), 2, 0), photometric="rgb", planarconfig="separate", extrasamples=["unassalpha"], compression="zlib", **BIG), rgb16)
for name, values, alpha in [("8 bit", GREY8, GREY8 ^ 255), ("16 bit", grey16, alpha16)]:
    for rows in (H, 2):
        case(f"TIFF {name} grey with alpha in planes, {rows} rows a strip", with_tifffile(np.stack([values, alpha]), photometric="minisblack", planarconfig="separate", extrasamples=["unassalpha"], rowsperstrip=rows), values, {"tifffile": lambda data: tifffile.imread(io.BytesIO(data))[0]})

path = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name("formats.json"))
path.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in cases) + "\n]\n")
