import { insideOwnNetwork } from '../../../local/real/ownNetwork.ts';

/** Starts `nearSide.ts` in a network of its own; whoever starts this chooses the user. */
try {
  const inside = await insideOwnNetwork([new URL('nearSide.ts', import.meta.url).pathname]);
  inside.once('exit', (code) => (process.exitCode = code ?? 1));
} catch (error) {
  console.log(String(error));
  process.exitCode = 3;
}
