/** Starts a worker's entry where the project runs from TypeScript source (tests, scripts): it needs a loader of its own. */
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2]);
