// Assertions about the page. What it shows follows a message or a click by a frame or more, so what a journey says of
// it is asked again until it is so; a plain `assert` of one look at the page would race with that frame.

import { expect as once } from 'playwright/test';

import { PATIENCE } from './program.mjs';

export const expect = once.configure({ timeout: PATIENCE });
