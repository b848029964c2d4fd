/** Starts host.ts where the project runs from TypeScript source (tests, scripts): the worker needs a loader of its own. */
import { register } from 'tsx/esm/api';

register();
await import('./host.ts');
