import { describe, expect, it } from 'vitest';
import { awayFromAws } from '../awayFromAws.ts';
import { departures } from './departures.ts';
import { LambdaEdge } from './lambdaEdge.ts';
import { manyAtOnce } from './manyAtOnce.ts';

const edge = new LambdaEdge(awayFromAws('many-at-once-'));

describe('many connectors of a stack silent at once', () => {
  it.each(manyAtOnce.map((story) => [story.name, story] as const))('%s', { timeout: 60_000 }, async (_name, story) => {
    const ending = await edge.run(story);
    expect(departures(story, ending)).toEqual([]);
    const ofTheStack = ending.messages.filter(({ of }) => of.includes('connectors'));
    expect(ofTheStack.map(({ of, news }) => `${of}: ${news}`)).toEqual(story.heardOfTheStack);
  });
});
