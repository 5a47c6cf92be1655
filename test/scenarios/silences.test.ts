import { silences } from './stories.ts';
import { tellOnAws } from './tellOnAws.ts';

tellOnAws(silences);
