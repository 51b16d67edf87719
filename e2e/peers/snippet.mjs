// The code that the page prints for a device, run as it is printed.

import { start } from '../harness/program.mjs';
import { fromEnvironment } from '../harness/environment.mjs';
import { fileFor } from '../harness/files.mjs';

/** A shell command. */
export async function runShell(t, code) {
  const { file } = await fileFor(t, 'snippet.sh', code);
  return run(t, 'sh', file);
}

/** A Python program. */
export async function runPython(t, code) {
  const { file } = await fileFor(t, 'snippet.py', code);
  return run(t, fromEnvironment('HEADCOUNT_PYTHON'), file);
}

async function run(t, command, file) {
  const program = start(t, command, [file]);
  const { code } = await program.ended();
  return { code, said: program.lines.join('\n') };
}
