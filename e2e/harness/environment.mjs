// What `cargo xtask test journeys` hands over.

/** The value of a variable that must be there. */
export function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run the journeys with: cargo xtask test journeys`);
  return value;
}
