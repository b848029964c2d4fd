/** The numbers of pixel formats in PFNC, by which each frame says what it is. */
import type { PixelFormatName } from '../../../../data/image/raw/pixel-formats.ts';

export const pixelCodes: Readonly<Record<PixelFormatName, number>> = {
  Mono8: 0x01080001,
  Mono10: 0x01100003,
  Mono10Packed: 0x010c0004,
  Mono10p: 0x010a0046,
  Mono12: 0x01100005,
  Mono12Packed: 0x010c0006,
  Mono12p: 0x010c0047,
  Mono14: 0x01100025,
  Mono16: 0x01100007,
  BayerGR8: 0x01080008,
  BayerRG8: 0x01080009,
  BayerGB8: 0x0108000a,
  BayerBG8: 0x0108000b,
  BayerGR10: 0x0110000c,
  BayerRG10: 0x0110000d,
  BayerGB10: 0x0110000e,
  BayerBG10: 0x0110000f,
  BayerGR12: 0x01100010,
  BayerRG12: 0x01100011,
  BayerGB12: 0x01100012,
  BayerBG12: 0x01100013,
  BayerGR10Packed: 0x010c0026,
  BayerRG10Packed: 0x010c0027,
  BayerGB10Packed: 0x010c0028,
  BayerBG10Packed: 0x010c0029,
  BayerGR12Packed: 0x010c002a,
  BayerRG12Packed: 0x010c002b,
  BayerGB12Packed: 0x010c002c,
  BayerBG12Packed: 0x010c002d,
  BayerBG10p: 0x010a0052,
  BayerBG12p: 0x010c0053,
  BayerGB10p: 0x010a0054,
  BayerGB12p: 0x010c0055,
  BayerGR10p: 0x010a0056,
  BayerGR12p: 0x010c0057,
  BayerRG10p: 0x010a0058,
  BayerRG12p: 0x010c0059,
  RGB8: 0x02180014,
  BGR8: 0x02180015,
};

const names = new Map(Object.entries(pixelCodes).map(([name, code]) => [code, name as PixelFormatName]));

/** Undefined where felfri reads no such frames. */
export const pixelFormatOf = (code: number): PixelFormatName | undefined => names.get(code);
