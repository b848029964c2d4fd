/** Entry point of a computing thread. */
import { type Feeds, Session } from '../runtime/onnxruntime.ts';
import type { Trainer } from '../training/trainer.ts';
import type { ComputingTasks } from './protocol.ts';
import { answerQuestions } from './questions.ts';
import { tidyAfter } from './tidy.ts';

let session: Session;
let trainer: Trainer;

const bytesOf = (feeds: Feeds): number => Object.values(feeds).reduce((sum, { data }) => sum + data.byteLength, 0);

answerQuestions<ComputingTasks>(
  {
    ready: async () => undefined,
    open: async ({ model, options }) => {
      session = await Session.create(model, options);
      // onnxruntime has its own copy
      if (typeof model !== 'string') tidyAfter(model.byteLength);
    },
    run: async ({ feeds, outputs }) => {
      const fetches = await session.run(feeds, outputs);
      tidyAfter(bytesOf(feeds));
      return fetches;
    },
    close: () => session.release(),

    begin: async ({ program, options }) => {
      // what trains also writes models, by libraries that an inspection starts sooner without
      const training = await import('../training/trainer.ts');
      trainer = await training.Trainer.create(program, options);
    },
    step: ({ feeds, learningRate }) => trainer.step(feeds, learningRate),
    evaluate: (feeds) => trainer.evaluate(feeds),
    weights: () => trainer.weights(),
    state: () => trainer.state(),
    restore: (state) => trainer.restore(state),
    end: () => trainer.release(),
  },
  // a trainer's state must not change while it is being read
  { inTurn: true },
);
