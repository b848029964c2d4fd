/**
 * The handshake with a controller over the registers: trigger, result, acknowledgement, recipe. One part at a time; a result stands until it is
 * acknowledged or too old, and no result of a time before this start is ever shown.
 */
import { FelfriError } from '../../../core/errors.ts';
import type { PartMessage, StateMessage } from '../../contract/line.ts';
import type { Moment } from '../../moments.ts';
import type { LineTools } from '../connector.ts';
import { InspectWindow } from '../inspect-window.ts';
import type { RegisterImage } from './image.ts';
import { controlBits, type errorCodes, statusBits } from './registers.ts';
import { clearResult, writeResult } from './result-block.ts';
import type { ModbusSettings } from './settings.ts';

type StatusBit = keyof typeof statusBits;
type ControlBit = keyof typeof controlBits;
type Fate = 'delivered' | 'expired';

interface Shown {
  acknowledge(): void;
}

export class Handshake {
  readonly #settings: ModbusSettings;
  readonly #tools: LineTools;
  readonly #image: RegisterImage;
  readonly #status = new Set<StatusBit>();
  #control = 0;
  #state: StateMessage;
  #acquisitionId = 0;
  #trigger: { readonly acquisitionId: number; readonly window: InspectWindow } | null = null;
  #shown: Shown | null = null;
  /** The result of a trigger, until it is settled: also where the controller went away before it was. */
  #result: { readonly sequence: number; readonly acquisitionId: number } | null = null;
  #heardAckLow = (): void => undefined;

  constructor(settings: ModbusSettings, tools: LineTools, image: RegisterImage) {
    this.#settings = settings;
    this.#tools = tools;
    this.#image = image;
    this.#state = tools.state();
    this.#clearResult();
    this.#publish();
  }

  #isHigh(bit: ControlBit, word = this.#control): boolean {
    return (word & (1 << controlBits[bit][0])) !== 0;
  }

  #set(bit: StatusBit, isOn: boolean): void {
    if (isOn) this.#status.add(bit);
    else this.#status.delete(bit);
  }

  #fail(code: keyof typeof errorCodes): void {
    this.#status.add('error');
    this.#image.set('errorCode', code);
  }

  /** Writes what follows from all else into the registers. */
  #publish(): void {
    const { ready, recipe, degraded } = this.#state;
    const isOffline = this.#isHigh('setOffline');
    const isOnline = ready && !isOffline;
    const isFree =
      !this.#trigger &&
      !this.#result &&
      !this.#shown &&
      !this.#isHigh('trigger') &&
      !this.#status.has('commandExecuting');
    this.#set('online', isOnline);
    this.#set('triggerReady', isOnline && this.#isHigh('triggerEnable') && isFree);
    this.#set('systemBusy', this.#trigger !== null || this.#status.has('commandExecuting'));
    this.#set('recipePrepared', recipe !== null);
    this.#set('degraded', degraded.length > 0);
    this.#image.set('offlineReason', isOnline ? 0 : isOffline ? 1 : recipe ? 3 : 2);
    const number = Object.entries(this.#settings.recipes).find(
      ([, of]) => of === recipe?.id || of === recipe?.name,
    )?.[0];
    this.#image.set('currentRecipe', Number(number ?? 0));
    this.#image.set('acquisitionId', this.#acquisitionId);
    this.#image.set(
      'status',
      [...this.#status].reduce((word, bit) => word | (1 << statusBits[bit][0]), 0),
    );
  }

  tell(state: StateMessage): void {
    this.#state = state;
    this.#publish();
  }

  /** To be called after each write of the controller: what rose and fell. */
  written(): void {
    const before = this.#control;
    this.#control = this.#image.word('control');
    const rose = (bit: ControlBit): boolean => this.#isHigh(bit) && !this.#isHigh(bit, before);
    if (rose('clearError')) {
      for (const bit of ['error', 'overrun', 'missedAcq'] as const) this.#status.delete(bit);
      this.#image.set('errorCode', 0);
    }
    if (rose('resultsAck')) this.#shown?.acknowledge();
    if (!this.#isHigh('resultsAck')) this.#heardAckLow();
    if (rose('trigger') && this.#isHigh('triggerEnable')) this.#take();
    if (!this.#isHigh('trigger')) this.#status.delete('triggerAck');
    if (rose('executeCommand')) void this.#changeRecipe(String(this.#image.word('recipeChoice')));
    if (!this.#isHigh('executeCommand'))
      for (const bit of ['commandCompleted', 'commandFailed'] as const) this.#status.delete(bit);
    this.#publish();
  }

  #take(): void {
    const part = this.#image.text('part') || null;
    const isMissing = this.#settings.pairBy === 'part' && part === null;
    if (!this.#status.has('triggerReady') || isMissing) {
      this.#status.add('missedAcq');
      this.#fail(isMissing ? 3 : 2);
      return;
    }
    this.#acquisitionId = (this.#acquisitionId % 65_535) + 1;
    this.#status.delete('missedAcq');
    this.#status.add('triggerAck');
    const { validSeconds } = this.#settings;
    const window = new InspectWindow(part, this.#settings, this.#tools, 1000 * validSeconds, {
      ended: () => {
        this.#fail(1);
        this.#publish();
      },
      // the next trigger is taken when this could not be shown any more
      forgotten: () => {
        if (this.#trigger?.window === window) this.#trigger = null;
        this.#publish();
      },
    });
    this.#trigger = { acquisitionId: this.#acquisitionId, window };
    this.#tools.triggered(part);
  }

  #clearResult(): void {
    for (const bit of ['resultsValid', 'jobPass'] as const) this.#status.delete(bit);
    clearResult(this.#image);
  }

  #show(message: PartMessage, inspectionId: number): void {
    writeResult(this.#image, message, inspectionId);
    this.#set('resultsValid', true);
    this.#set('jobPass', message.pass && message.decision === 'OK');
  }

  #expire(code: keyof typeof errorCodes, why: string): 'expired' {
    this.#status.add('overrun');
    this.#fail(code);
    this.#publish();
    this.#tools.alarm('not given', new FelfriError('LINE_LOST', why));
    return 'expired';
  }

  /** Milliseconds for which a result may still be shown. */
  #left({ decidedAt }: Moment): number {
    return decidedAt + this.#settings.validSeconds * 1000 - performance.now();
  }

  /** Shows a result until it is acknowledged, is too old, or `gone` says that nobody reads. */
  async deliver(message: PartMessage, gone: AbortSignal): Promise<Fate> {
    const how = await this.#deliver(message, gone);
    if (this.#result?.sequence === message.sequence) this.#result = null;
    this.#publish();
    return how;
  }

  async #deliver(message: PartMessage, gone: AbortSignal): Promise<Fate> {
    const trigger = this.#trigger;
    const moment = this.#tools.momentOf(message.id);
    // parts come in order: one before this was given up
    if (this.#result && this.#result.sequence < message.sequence) this.#result = null;
    if (moment && trigger?.window.isResult(message, moment)) {
      trigger.window.close();
      this.#trigger = null;
      this.#result = { sequence: message.sequence, acquisitionId: trigger.acquisitionId };
    }
    if (!moment || this.#left(moment) <= 0)
      return this.#expire(4, 'parts were decided too long ago to be shown to the controller; they are on record');
    const result = this.#result?.sequence === message.sequence ? this.#result : null;
    if (this.#isHigh('triggerEnable') && !result)
      return this.#expire(5, 'decisions belonged to no trigger, and were not shown; they are on record');
    gone.throwIfAborted();
    if ((await this.#stand(message, this.#left(moment), result?.acquisitionId ?? 0, gone)) === 'expired')
      return this.#expire(4, 'results were not acknowledged by the controller in time; they are on record');
    this.#tools.over('not given');
    return 'delivered';
  }

  async #stand(message: PartMessage, left: number, inspectionId: number, gone: AbortSignal): Promise<Fate> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise((resolve, reject) => {
        this.#shown = {
          acknowledge: () => {
            if (this.#status.has('resultsValid')) resolve('delivered');
          },
        };
        timer = setTimeout(() => resolve('expired'), left);
        gone.addEventListener('abort', () => reject(gone.reason as Error), { once: true });
        const show = (): void => {
          this.#heardAckLow = () => undefined;
          this.#show(message, inspectionId);
          this.#publish();
        };
        // an acknowledgement that is still high is that of the result before
        if (this.#isHigh('resultsAck')) this.#heardAckLow = show;
        else show();
      });
    } finally {
      clearTimeout(timer);
      this.#heardAckLow = () => undefined;
      this.#shown = null;
      this.#clearResult();
      this.#publish();
    }
  }

  async #changeRecipe(choice: string): Promise<void> {
    const name = this.#settings.recipes[choice];
    this.#status.add('commandExecuting');
    this.#publish();
    const failed = (code: 6 | 7): void => {
      this.#status.add('commandFailed');
      this.#fail(code);
    };
    if (name === undefined) failed(6);
    else
      await this.#tools.recipes.activate(name).then(
        () => this.#status.add('commandCompleted'),
        () => failed(7),
      );
    this.#status.delete('commandExecuting');
    this.tell(this.#tools.state());
  }

  close(): void {
    this.#trigger?.window.close();
  }
}
