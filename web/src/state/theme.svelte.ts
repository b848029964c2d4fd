/** Light or dark: as the system says until somebody switches. */

type Theme = 'light' | 'dark';
const key = 'felfri-theme';

function stored(): Theme | undefined {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : undefined;
  } catch {
    return undefined;
  }
}

const system = matchMedia('(prefers-color-scheme: dark)');

class ThemeChoice {
  #chosen = $state<Theme | undefined>(stored());
  #system = $state<Theme>(system.matches ? 'dark' : 'light');

  constructor() {
    system.addEventListener('change', ({ matches }) => {
      this.#system = matches ? 'dark' : 'light';
    });
  }

  get current(): Theme {
    return this.#chosen ?? this.#system;
  }

  toggle(): void {
    this.#chosen = this.current === 'dark' ? 'light' : 'dark';
    try {
      localStorage.setItem(key, this.#chosen);
    } catch {
      // a browser that stores nothing forgets the choice with the page
    }
  }
}

export const theme = new ThemeChoice();
