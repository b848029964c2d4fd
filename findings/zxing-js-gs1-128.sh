#!/usr/bin/env bash
# @zxing/library 0.21.3 reads labels that bwip-js 4.11.4 drew (both npm; pngjs 7.0.0 gives it the pixels): GS1 DataMatrix, GS1 QR and GS1-128 with an article's number,
# lot A1 and serial number 7, (01)...(10)A1(21)7, and GS1-128 with the lot A1217 alone.
#
# A reasonable guess: the separator FNC1 that ends the lot comes as the character GS (0x1d), as GS1 says, in all three: 10A1<GS>217.
# Seen: from DataMatrix and QR it does. From GS1-128 it is dropped: 10A1217, the very text of the label with lot A1217 and no serial number. Results are
# filed under the wrong lot, and all parts of a lot A1 with serial numbers share their numbers with other lots. The hint ASSUME_GS1 mends it.
#
# seen: datamatrix <GS>10A1<GS>217 | qr 10A1<GS>217 | gs1-128 10A1217 | gs1-128 of lot A1217 10A1217 | with the hint ]C110A1<GS>217
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts @zxing/library@0.21.3 bwip-js@4.11.4 pngjs@7.0.0 2>/dev/null
cat > look.cjs <<'JS'
const zxing = require('@zxing/library');
const bwip = require('bwip-js');
const { PNG } = require('pngjs');

async function read(bcid, text, gs1) {
  const { width, height, data } = PNG.sync.read(await bwip.toBuffer({ bcid, text, scale: 4, padding: 20, backgroundcolor: 'FFFFFF' }));
  const grey = Uint8ClampedArray.from({ length: width * height }, (_, i) => data[4 * i]);
  const hints = new Map([[zxing.DecodeHintType.TRY_HARDER, true], ...(gs1 ? [[zxing.DecodeHintType.ASSUME_GS1, true]] : [])]);
  const bitmap = new zxing.BinaryBitmap(new zxing.HybridBinarizer(new zxing.RGBLuminanceSource(grey, width, height)));
  return new zxing.MultiFormatReader().decode(bitmap, hints).getText().replaceAll('\x1d', '<GS>').replace('0104012345123456', '');
}
(async () => {
  console.log([
    `datamatrix ${await read('gs1datamatrix', '(01)04012345123456(10)A1(21)7')}`, `qr ${await read('gs1qrcode', '(01)04012345123456(10)A1(21)7')}`,
    `gs1-128 ${await read('gs1-128', '(01)04012345123456(10)A1(21)7')}`, `gs1-128 of lot A1217 ${await read('gs1-128', '(01)04012345123456(10)A1217')}`,
    `with the hint ${await read('gs1-128', '(01)04012345123456(10)A1(21)7', true)}`,
  ].join(' | '));
})();
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = "datamatrix <GS>10A1<GS>217 | qr 10A1<GS>217 | gs1-128 10A1217 | gs1-128 of lot A1217 10A1217 | with the hint ]C110A1<GS>217" ]
