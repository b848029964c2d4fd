/** What is measured: a task is a few fresh processes, each of which gives the numbers of one or more rows of the table. */

export interface Task {
  readonly name: string;
  readonly title: string;
  /** The program of this folder, and its arguments; those of step.ts are the peer's too. */
  readonly program: 'step' | 'product' | 'eight-bit' | 'scaling';
  readonly arguments: readonly string[];
  /** Whether the PyTorch peer takes the same arguments. */
  readonly peer: boolean;
  /** Processes, or pairs of processes, one ours and one the peer's. */
  readonly repeats: { readonly full: number; readonly quick: number };
}

const step = (name: string, title: string, args: string, full: number, quick: number): Task => ({
  name,
  title,
  program: 'step',
  arguments: args.split(' '),
  peer: true,
  repeats: { full, quick },
});

const own = (name: string, title: string, program: Task['program'], args: string, full: number): Task => ({
  name,
  title,
  program,
  arguments: args === '' ? [] : args.split(' '),
  peer: false,
  repeats: { full, quick: 1 },
});

export const tasks: readonly Task[] = [
  step(
    'flow',
    'flow: 192 channels, hidden 128, 384 px, batch 16',
    'csflow --channels 192 --hidden 128 --size 384 --batch 16 --steps 5',
    5,
    3,
  ),
  step(
    'flow-paper',
    'flow: 304 channels, hidden 1024, 768 px, batch 2',
    'csflow --channels 304 --hidden 1024 --size 768 --batch 2 --steps 1',
    2,
    0,
  ),
  step('unet', 'U-Net: base 32, 256 px, batch 8', 'unet --base 32 --size 256 --batch 8 --steps 1', 3, 1),
  step('b0', 'EfficientNet-B0: 384, 192 and 96 px', 'effnet --variant b0 --size 384 --steps 15', 5, 3),
  step('b5', 'EfficientNet-B5: 768, 384 and 192 px', 'effnet --variant b5 --size 768 --steps 3', 3, 1),
  own('decision', 'one image file to decision and map, default presets', 'product', 'decision', 5),
  own('eight-bit', 'U-Net in 8 bits and in float: base 32, one 256 px patch', 'eight-bit', '', 3),
  own('start', 'process start to the first decision, default flow', 'product', 'start', 5),
  own('folder', 'felfri inspect over a folder, default flow', 'product', 'folder', 3),
  own('pixels', 'time against pixels, default flow', 'scaling', 'pixels', 2),
  own('batch', 'time against batch, default flow', 'scaling', 'batch', 2),
];
