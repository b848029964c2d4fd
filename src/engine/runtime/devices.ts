/** What may compute, if the machine has it: the processor, or a graphics card by the interface that is named. */
export const devices = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];

/** Whether what a device computed can stay there between runs: onnxruntime's Node binding knows buffers of WebGPU alone. */
export const keepsTensors = (device: Device): boolean => device === 'webgpu';
