#!/usr/bin/env bash
# SimpleITK 2.5.7 against pydicom 3.0.2 (numpy 2.4.6): a radiograph of a casting (DICONDE's form: MONOCHROME1, 12 of 16 bits, rescale slope 1 and
# intercept 0) with stored values 0, 100, 2048, 4095.
#
# A reasonable guess: both give the stored values; MONOCHROME1 says only how they are to be shown, and a window or an inversion is the viewer's matter.
# Seen: SimpleITK turns the values over, 4095 minus the value, and says nothing; pydicom gives what is stored. Both still name the image
# MONOCHROME1. A pore is dark to one tool and bright to the other: a model trained by one and run by the other sees negatives.
#
# seen: pydicom 0,100,2048,4095 | SimpleITK 4095,3995,2047,0 MONOCHROME1
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile SimpleITK==2.5.7 pydicom==3.0.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import os, sys, tempfile
import numpy as np
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

ds = Dataset()
ds.file_meta = FileMetaDataset()
ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = generate_uid()
ds.Modality, ds.PhotometricInterpretation, ds.SamplesPerPixel = "DX", "MONOCHROME1", 1
ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 1, 4, 16, 12, 11, 0
ds.RescaleSlope, ds.RescaleIntercept = "1", "0"
ds.PixelData = np.array([0, 100, 2048, 4095], "<u2").tobytes()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "casting.dcm")
    ds.save_as(path, enforce_file_format=True)
    stored = pydicom.dcmread(path).pixel_array.ravel()
    image = SimpleITK.ReadImage(path)
values = SimpleITK.GetArrayFromImage(image).ravel()
print(f"pydicom {','.join(map(str, stored))} | SimpleITK {','.join(map(str, values))} {image.GetMetaData('0028|0004').strip()}")
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "pydicom 0,100,2048,4095 | SimpleITK 4095,3995,2047,0 MONOCHROME1" ]
