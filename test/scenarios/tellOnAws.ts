import { describe, expect, it } from 'vitest';
import { awayFromAws } from '../awayFromAws.ts';
import { departures } from './departures.ts';
import { LambdaEdge } from './lambdaEdge.ts';
import type { Story } from './story.ts';

/** Two weeks of a past take seconds. */
const longestMs = 60_000;

/** A test for each story: it is played on AWS's services, and ends as it says. */
export function tellOnAws(stories: readonly Story[]): void {
  const edge = new LambdaEdge(awayFromAws('scenarios-'));

  describe('on AWS', () => {
    it.each(stories.map((story) => [story.name, story] as const))(
      '%s',
      async (_name, story) => {
        expect(departures(story, await edge.run(story))).toEqual([]);
      },
      longestMs,
    );
  });
}
