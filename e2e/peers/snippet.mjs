// The code that the page prints for a device, run as it is printed.

import { start } from '../harness/program.mjs';
import { fromEnvironment } from '../harness/environment.mjs';
import { fileFor } from '../harness/files.mjs';

/** Shell commands, to their end. */
export async function runShell(t, code) {
  const { file } = await fileFor(t, 'snippet.sh', code);
  const program = start(t, 'sh', [file]);
  const end = await program.ended();
  return { code: end.code, lines: program.lines };
}

/** A Python program, which goes on until the test ends. */
export async function startPython(t, code) {
  const { file } = await fileFor(t, 'snippet.py', code);
  return start(t, fromEnvironment('HEADCOUNT_PYTHON'), ['-u', file]);
}
