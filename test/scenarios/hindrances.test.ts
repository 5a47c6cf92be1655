import { hindrances } from './stories.ts';
import { tellOnAws } from './tellOnAws.ts';

tellOnAws(hindrances);
