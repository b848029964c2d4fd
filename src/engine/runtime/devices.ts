/** What may compute, if the machine has it: the processor, or a graphics card by the interface that is named. */
export const devices = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];
