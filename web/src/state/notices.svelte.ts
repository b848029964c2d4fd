/** Short messages that something was done, with a way back where there is one. */

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly undo?: () => void;
}

const SHOWN_MILLIS = 7000;

class NoticeList {
  #list = $state.raw<readonly Notice[]>([]);
  #last = 0;

  get list(): readonly Notice[] {
    return this.#list;
  }

  add(text: string, undo?: () => void): void {
    const id = ++this.#last;
    this.#list = [...this.#list.slice(-2), { id, text, ...(undo && { undo }) }];
    setTimeout(() => this.remove(id), SHOWN_MILLIS);
  }

  remove(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}

export const notices = new NoticeList();
